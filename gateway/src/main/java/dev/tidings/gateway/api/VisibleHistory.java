package dev.tidings.gateway.api;

import dev.tidings.gateway.history.History;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Error;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** History as far as somebody may see it. */
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
     * The newest events of what is both asked for and visible. Completes with a {@link RequestException} where that is
     * nothing, or where it cannot be known now.
     */
    CompletableFuture<HistoryRange> read(Caller caller, String conversationId, SeqSpan wanted, int limit) {
        ConversationId id = ConversationId.parse(conversationId);
        if (id == null) {
            return failed(Errors.invalidArgument("conversationId is not one: \"" + conversationId + '"'));
        }
        return access.of(caller, id).thenCompose(visible -> {
            SeqSpan part = visible.newestWithin(wanted);
            return part.isEmpty()
                    ? failed(Errors.error(Error.Code.FORBIDDEN, "not yours to see: " + conversationId))
                    : read(conversationId, part, visible.now(), limit);
        });
    }

    private CompletableFuture<HistoryRange> read(String conversationId, SeqSpan part, SeqSpan visible, int limit) {
        return CompletableFuture.supplyAsync(
                () -> {
                    HistoryRange range = history.read(conversationId, part.from(), part.to(), limit);
                    // how far it went on without them does not concern those who left
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
