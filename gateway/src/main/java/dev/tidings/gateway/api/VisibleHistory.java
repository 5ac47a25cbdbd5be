package dev.tidings.gateway.api;

import dev.tidings.gateway.history.History;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Error;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Reads the part of history that a caller may see. */
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
     * Reads the newest events of the visible part of a range. Completes with a {@link RequestException} if that part is empty
     * or not known now.
     */
    CompletableFuture<HistoryRange> read(Caller caller, String conversationId, SeqSpan wanted, int limit) {
        ConversationId id = ConversationId.parse(conversationId);
        if (id == null) {
            return failed(Errors.invalidArgument("conversationId is not a conversation id: \"" + conversationId + '"'));
        }
        return access.of(caller, id).thenCompose(visible -> {
            SeqSpan part = visible.newestWithin(wanted);
            return part.isEmpty()
                    ? failed(Errors.error(
                            Error.Code.FORBIDDEN,
                            "no event of " + conversationId + " in this range is visible to the user"))
                    : read(conversationId, part, visible.now(), limit);
        });
    }

    private CompletableFuture<HistoryRange> read(String conversationId, SeqSpan part, SeqSpan visible, int limit) {
        return CompletableFuture.supplyAsync(
                () -> {
                    HistoryRange range = history.read(conversationId, part.from(), part.to(), limit);
                    // former members do not learn how far the conversation went on
                    return new HistoryRange(
                            range.events(),
                            range.fromSeq(),
                            range.toSeq(),
                            range.complete(),
                            Math.min(range.headSeq(), visible.to()));
                },
                blocking);
    }

    private static CompletableFuture<HistoryRange> failed(Error error) {
        return CompletableFuture.failedFuture(new RequestException(error));
    }
}
