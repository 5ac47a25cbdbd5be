package dev.tidings.gateway.api;

import dev.tidings.gateway.history.DeletedEvents;
import dev.tidings.gateway.history.SeqSpan;
import dev.tidings.gateway.log.CommandAppender;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.Origin;
import dev.tidings.v1.SeqRange;
import dev.tidings.v1.UserCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds the part of a conversation that a user may see, and the events that they have deleted for themselves. Asks INBOX about
 * groups, and the read model for the deleted events of other conversations. Thread-safe.
 */
public final class Access {

    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final CommandAppender log;
    private final Duration timeout;
    private final DeletedEvents deletedEvents;
    private final Executor blocking;
    private final AtomicLong requests = new AtomicLong();
    private final Map<Origin, CompletableFuture<VisibleSpans>> waiting = new ConcurrentHashMap<>();

    /**
     * @param timeout for the answer of INBOX
     * @param blocking runs reads of the deleted events
     */
    public Access(CommandAppender log, Duration timeout, DeletedEvents deletedEvents, Executor blocking) {
        this.log = log;
        this.timeout = timeout;
        this.deletedEvents = deletedEvents;
        this.blocking = blocking;
    }

    /** Completes with the visible part, which may be empty, or with a {@link RequestException}. */
    CompletableFuture<VisibleSpans> of(Caller caller, ConversationId id) {
        return switch (id) {
            case ConversationId.Private pair -> pair.has(caller.userId()) ? allButDeleted(caller, id) : nothing();
            case ConversationId.SystemAccount account ->
                account.id().equals(caller.userId()) ? allButDeleted(caller, id) : nothing();
            case ConversationId.Broadcast ignored -> all();
            case ConversationId.Room room -> caller.rooms().test(room.toString()) ? all() : nothing();
            case ConversationId.Group group -> ask(caller, group);
        };
    }

    private static CompletableFuture<VisibleSpans> nothing() {
        return CompletableFuture.completedFuture(VisibleSpans.NOTHING);
    }

    /** Rooms and broadcasts have no views, and so no deleted events. */
    private static CompletableFuture<VisibleSpans> all() {
        return CompletableFuture.completedFuture(VisibleSpans.allBut(List.of()));
    }

    /** While the deleted events are not known, all events are visible: clients hide deleted ones by their views. */
    private CompletableFuture<VisibleSpans> allButDeleted(Caller caller, ConversationId id) {
        return CompletableFuture.supplyAsync(
                () -> {
                    List<SeqSpan> deleted = deletedEvents.find(caller.userId(), id.toString());
                    return VisibleSpans.allBut(deleted == null ? List.of() : deleted);
                },
                blocking);
    }

    private CompletableFuture<VisibleSpans> ask(Caller caller, ConversationId.Group group) {
        // the client chooses its frame ids and may use one twice; this id is unique
        Origin origin = caller.origin().toBuilder()
                .setFrameId("access-" + requests.incrementAndGet())
                .build();
        CompletableFuture<VisibleSpans> answer = new CompletableFuture<>();
        waiting.put(origin, answer);
        UserCommand command = UserCommand.newBuilder()
                .setUserId(caller.userId())
                .setAccessRequest(AccessRequest.newBuilder().setOrigin(origin).setConversationId(group.toString()))
                .build();
        log.append(command, failure -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            }
        });
        return answer.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new RequestException(Errors.unavailable(
                        failure instanceof TimeoutException
                                ? "the access check for " + group + " timed out; retry"
                                : "the command log is unavailable; retry"))))
                .whenComplete((span, failure) -> waiting.remove(origin));
    }

    /** Takes an answer of INBOX. Drops it if its request has timed out. */
    public void answered(AccessAnswer answer) {
        CompletableFuture<VisibleSpans> request = waiting.get(answer.getOrigin());
        if (request != null) {
            request.complete(spans(answer));
        }
    }

    private static VisibleSpans spans(AccessAnswer answer) {
        if (answer.getFromSeq() == 0) {
            return VisibleSpans.NOTHING;
        }
        long to = answer.getToSeq() == 0 ? Long.MAX_VALUE : answer.getToSeq();
        return new VisibleSpans(
                new SeqSpan(answer.getFromSeq(), to), spans(answer.getEarlierList()), spans(answer.getDeletedList()));
    }

    private static List<SeqSpan> spans(List<SeqRange> ranges) {
        return ranges.stream()
                .map(range -> new SeqSpan(range.getFromSeq(), range.getToSeq()))
                .toList();
    }
}
