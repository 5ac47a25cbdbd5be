package dev.tidings.gateway.api;

import dev.tidings.gateway.history.History;
import dev.tidings.gateway.history.HistoryQuery;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.history.ReadOrder;
import dev.tidings.gateway.history.SeqSpan;
import dev.tidings.v1.Error;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Reads the part of history that a caller may see, without the events that they have deleted for themselves. */
final class VisibleHistory {

    private final Access access;
    private final History history;
    private final Executor blocking;

    VisibleHistory(Access access, History history, Executor blocking) {
        this.access = access;
        this.history = history;
        this.blocking = blocking;
    }

    /**
     * Reads one page of the visible part of a range. Completes with a {@link RequestException} if that part is empty or not
     * known now. A span of time without visible events is an empty page.
     */
    CompletableFuture<HistoryRange> read(Caller caller, HistoryRequest request) {
        return access.of(caller, request.conversation()).thenCompose(visible -> {
            if (visible.isEmpty()
                    || (!request.isByTime()
                            && part(visible, request, request.range()).isEmpty())) {
                return CompletableFuture.failedFuture(new RequestException(Errors.error(
                        Error.Code.FORBIDDEN,
                        "no event of " + request.conversation() + " in this range is visible to the user")));
            }
            return CompletableFuture.supplyAsync(() -> page(request, visible), blocking);
        });
    }

    private static SeqSpan part(VisibleSpans visible, HistoryRequest request, SeqSpan wanted) {
        if (request.aroundSeq() == 0) {
            return visible.firstWithin(wanted, request.order());
        }
        SeqSpan message = new SeqSpan(request.aroundSeq(), request.aroundSeq());
        return visible.spans().stream()
                .filter(span -> !span.within(message).isEmpty())
                .findFirst()
                .map(wanted::within)
                .orElse(SeqSpan.NOTHING);
    }

    private HistoryRange page(HistoryRequest request, VisibleSpans visible) {
        String conversationId = request.conversation().toString();
        SeqSpan wanted = request.isByTime()
                ? request.range()
                        .within(history.between(conversationId, request.sentFromMillis(), request.sentBeforeMillis()))
                : request.range();
        SeqSpan part = part(visible, request, wanted);
        // a user who has deleted the whole beginning gets no pages without events
        SeqSpan kept = new SeqSpan(visible.firstKeptFrom(part.from()), part.to());
        if (kept.isEmpty()) {
            boolean complete = part.isEmpty() || isLast(visible, request, wanted, part);
            return new HistoryRange(List.of(), part.from(), part.to(), complete, part.to());
        }
        HistoryRange range = request.aroundSeq() > 0
                ? history.around(conversationId, Math.max(kept.from(), request.aroundSeq()), kept, request.limit())
                : history.read(
                        new HistoryQuery(conversationId, kept.from(), kept.to(), request.limit(), request.order()));
        return new HistoryRange(
                range.events().stream()
                        .filter(event -> !visible.isDeleted(event))
                        .toList(),
                range.fromSeq() == kept.from() ? part.from() : range.fromSeq(),
                range.toSeq(),
                range.complete() && isLast(visible, request, wanted, part),
                // former members must not see the newest seq
                Math.min(range.headSeq(), visible.now().to()));
    }

    /** Whether no further part of the range is visible behind this one. */
    private static boolean isLast(VisibleSpans visible, HistoryRequest request, SeqSpan wanted, SeqSpan part) {
        SeqSpan before = new SeqSpan(wanted.from(), part.from() - 1);
        SeqSpan after = part.to() == Long.MAX_VALUE ? SeqSpan.NOTHING : new SeqSpan(part.to() + 1, wanted.to());
        boolean isFirst = visible.newestWithin(before).isEmpty();
        boolean isNewest = visible.newestWithin(after).isEmpty();
        if (request.aroundSeq() > 0) {
            return isFirst && isNewest;
        }
        return request.order() == ReadOrder.NEWEST_FIRST ? isFirst : isNewest;
    }
}
