package dev.tidings.gateway.api;

import dev.tidings.gateway.log.CommandAppender;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.Origin;
import dev.tidings.v1.UserCommand;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Which part of a conversation a user may see. Who belongs to a group, and since when, INBOX knows: it is asked. */
public final class Access {

    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CommandAppender log;
    private final Duration patience;
    private final AtomicLong asked = new AtomicLong();
    private final Map<Origin, CompletableFuture<VisibleSpans>> waiting = new ConcurrentHashMap<>();

    /** @param patience how long INBOX may take to answer */
    public Access(CommandAppender log, Duration patience) {
        this.log = log;
        this.patience = patience;
    }

    /** Completes with what may be seen, which may be nothing, or with a {@link RequestException}. */
    CompletableFuture<VisibleSpans> of(Caller caller, ConversationId id) {
        return switch (id) {
            case ConversationId.Private pair -> allIf(pair.has(caller.userId()));
            case ConversationId.SystemAccount account -> allIf(account.id().equals(caller.userId()));
            case ConversationId.Broadcast ignored -> allIf(true);
            case ConversationId.Room room -> allIf(caller.rooms().test(room.toString()));
            case ConversationId.Group group -> ask(caller, group);
        };
    }

    private static CompletableFuture<VisibleSpans> allIf(boolean allowed) {
        return CompletableFuture.completedFuture(VisibleSpans.of(allowed ? SeqSpan.ALL : SeqSpan.NOTHING));
    }

    private CompletableFuture<VisibleSpans> ask(Caller caller, ConversationId.Group group) {
        // the frame's id is the client's and may come twice; this one is ours
        Origin origin = caller.origin().toBuilder()
                .setFrameId("access-" + asked.incrementAndGet())
                .build();
        CompletableFuture<VisibleSpans> answer = new CompletableFuture<>();
        waiting.put(origin, answer);
        UserCommand question = UserCommand.newBuilder()
                .setUserId(caller.userId())
                .setAccessRequest(AccessRequest.newBuilder().setOrigin(origin).setConversationId(group.toString()))
                .build();
        log.append(question, failure -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            }
        });
        return answer.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new RequestException(Errors.unavailable(
                        failure instanceof TimeoutException
                                ? "the access check for " + group + " timed out; try again"
                                : "the command log is unavailable; try again"))))
                .whenComplete((span, failure) -> waiting.remove(origin));
    }

    /** An answer of INBOX. One that nobody waits for any more is dropped. */
    public void answered(AccessAnswer answer) {
        CompletableFuture<VisibleSpans> question = waiting.get(answer.getOrigin());
        if (question != null) {
            question.complete(visibility(answer));
        }
    }

    private static VisibleSpans visibility(AccessAnswer answer) {
        if (answer.getFromSeq() == 0) {
            return VisibleSpans.of(SeqSpan.NOTHING);
        }
        long to = answer.getToSeq() == 0 ? Long.MAX_VALUE : answer.getToSeq();
        return new VisibleSpans(
                new SeqSpan(answer.getFromSeq(), to),
                answer.getEarlierList().stream()
                        .map(range -> new SeqSpan(range.getFromSeq(), range.getToSeq()))
                        .toList());
    }
}
