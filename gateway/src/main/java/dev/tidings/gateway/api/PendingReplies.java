package dev.tidings.gateway.api;

import com.google.protobuf.Message;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Error;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncPage;
import dev.tidings.v1.UserAnswer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * The requests without a session that wait for their reply. They have an {@link Origin} with a session id that no session has
 * and a frame id of their own, by which the topologies' replies find them. Thread-safe.
 */
public final class PendingReplies {

    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Further requests are answered OVERLOADED. */
    public static final int MAX_PENDING = 10_000;

    private final Origin gateway;
    private final Duration timeout;
    private final Semaphore free;
    private final AtomicLong requests = new AtomicLong();
    private final Map<String, CompletableFuture<Message>> waiting = new ConcurrentHashMap<>();

    /**
     * @param slot of the gateway
     * @param epoch of the gateway: a reply to its predecessor finds no request here
     */
    public PendingReplies(int slot, long epoch, Duration timeout, int maxPending) {
        this.gateway = Origin.newBuilder()
                .setGatewaySlot(slot)
                .setSessionId("unary-" + epoch)
                .setUnary(true)
                .build();
        this.timeout = timeout;
        this.free = new Semaphore(maxPending);
    }

    /**
     * Sends a request and completes with its reply: a message of the protocol, among them {@link Refusal} and {@link Error}.
     * Never completes exceptionally.
     *
     * @param changes whether the request may change something, so that its outcome matters after a time-out
     * @param send appends the request with this origin
     */
    CompletableFuture<Message> request(boolean changes, BiConsumer<Origin, ClientApi.Reply> send) {
        if (!free.tryAcquire()) {
            return CompletableFuture.completedFuture(
                    Errors.overloaded("the gateway has its maximum of pending requests; retry"));
        }
        String frameId = Long.toString(requests.incrementAndGet());
        CompletableFuture<Message> reply = new CompletableFuture<>();
        waiting.put(frameId, reply);
        send.accept(gateway.toBuilder().setFrameId(frameId).build(), new Completion(reply));
        return reply.completeOnTimeout(timedOut(changes), timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((message, failure) -> {
                    waiting.remove(frameId);
                    free.release();
                });
    }

    private static Error timedOut(boolean changes) {
        return changes
                ? Errors.outcomeUnknown(
                        "no reply came in time; repeat the request with the same idempotency key: it is carried out once")
                : Errors.unavailable("no reply came in time; retry");
    }

    /** Returns the origin of a request whose reply has another way back to this gateway: an access check. */
    Origin origin() {
        return gateway;
    }

    /**
     * Takes a delivery that answers such a request, and drops it if the request has timed out.
     *
     * @return whether the delivery is for such a request
     */
    public boolean take(Delivery delivery) {
        Origin origin = originOf(delivery);
        if (!origin.getSessionId().equals(gateway.getSessionId())) {
            return false;
        }
        CompletableFuture<Message> request = waiting.get(origin.getFrameId());
        if (request != null) {
            request.complete(replyIn(delivery));
        }
        return true;
    }

    /** Returns the number of requests without a reply. */
    public int size() {
        return waiting.size();
    }

    private static Origin originOf(Delivery delivery) {
        return switch (delivery.getBodyCase()) {
            case ANSWER -> delivery.getAnswer().getOrigin();
            case USER_ANSWER -> delivery.getUserAnswer().getOrigin();
            case SYNC_ANSWER -> delivery.getSyncAnswer().getOrigin();
            case PRESENCE -> delivery.getPresence().getOrigin();
            default -> Origin.getDefaultInstance();
        };
    }

    private static Message replyIn(Delivery delivery) {
        return switch (delivery.getBodyCase()) {
            case ANSWER -> replyIn(delivery.getAnswer());
            case USER_ANSWER -> replyIn(delivery.getUserAnswer());
            case SYNC_ANSWER -> page(delivery.getSyncAnswer());
            case PRESENCE -> delivery.getPresence().getPresence();
            default -> throw new IllegalArgumentException(delivery.getBodyCase() + " is no reply");
        };
    }

    private static Message replyIn(Answer answer) {
        return switch (answer.getOutcomeCase()) {
            case SEQUENCED -> answer.getSequenced();
            case REFUSAL -> answer.getRefusal();
            case APPLIED -> answer.getApplied();
            case GROUP -> answer.getGroup();
            case RECEIPTS -> answer.getReceipts();
            case RULES -> answer.getRules();
            case HEAD -> answer.getHead();
            case OUTCOME_NOT_SET -> throw new IllegalArgumentException("an answer without an outcome");
        };
    }

    private static Message replyIn(UserAnswer answer) {
        return switch (answer.getOutcomeCase()) {
            case APPLIED -> answer.getApplied();
            case REFUSAL -> answer.getRefusal();
            case DEVICES -> answer.getDevices();
            case FRIENDS -> answer.getFriends();
            case OUTCOME_NOT_SET -> throw new IllegalArgumentException("an answer without an outcome");
        };
    }

    private static SyncPage page(SyncAnswer answer) {
        return SyncPage.newBuilder()
                .addAllViews(answer.getViewsList())
                .setVersion(answer.getVersion())
                .setDone(answer.getDone())
                .setBadge(answer.getBadge())
                .setReset(answer.getReset())
                .setNextAfter(answer.getNextAfter())
                .build();
    }

    /** Completes a request that is not appended; the reply to an appended one comes as a delivery. */
    private record Completion(CompletableFuture<Message> reply) implements ClientApi.Reply {

        @Override
        public void accepted() {
            // the reply follows
        }

        @Override
        public void refused(Refusal refusal) {
            reply.complete(refusal);
        }

        @Override
        public void failed(Error error) {
            reply.complete(error);
        }
    }
}
