package dev.tidings.ops.bench.check;

import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records the notifications of members who are never connected, and judges them: each message has one notification for each of these
 * members, and each notification was sent, or replaced by a newer one of its conversation. The newest one was sent. Thread-safe.
 */
public final class NotificationLedger {

    /** A member who is never connected, and the record of their conversation. */
    private record AbsentMember(String conversationId, String userId, Ledger ledger) {}

    private record Message(String conversationId, String userId, long seq) {

        private static Message of(Notification notification) {
            return new Message(notification.getConversationId(), notification.getUserId(), notification.getSeq());
        }
    }

    private final List<AbsentMember> members = new ArrayList<>();
    private final Map<Message, List<String>> idsByMessage = new HashMap<>();
    /** By notification; {@link PushOutcome.Result#DELIVERED} replaces others. */
    private final Map<String, PushOutcome.Result> results = new HashMap<>();

    private final Map<Message, Set<String>> keysByMessage = new HashMap<>();
    private long repeatedRequests;

    /** Records that this user is a member of the conversation and is never connected during the run. */
    public synchronized void expect(String conversationId, String userId, Ledger ledger) {
        members.add(new AbsentMember(conversationId, userId, ledger));
    }

    /** A record of the topic of notifications. */
    public synchronized void notified(Notification notification) {
        idsByMessage
                .computeIfAbsent(Message.of(notification), message -> new ArrayList<>())
                .add(notification.getNotificationId());
    }

    /** A record of the topic of outcomes. After a crash a notification may have several. */
    public synchronized void outcome(PushOutcome outcome) {
        if (results.get(outcome.getNotificationId()) != PushOutcome.Result.DELIVERED) {
            results.put(outcome.getNotificationId(), outcome.getResult());
        }
    }

    /**
     * A request reached the webhook.
     *
     * @param idempotencyKey by which the receiver drops a repeated request
     */
    public synchronized void requested(String idempotencyKey, Notification notification) {
        Set<String> keys = keysByMessage.computeIfAbsent(Message.of(notification), message -> new HashSet<>());
        repeatedRequests += keys.add(idempotencyKey) ? 0 : 1;
    }

    /** Whether every message has reached its absent members, as far as it can be seen: nothing more is to come. */
    public synchronized boolean isSettled() {
        return members.stream().allMatch(member -> {
            long[] seqs = member.ledger.sequencedSeqs();
            for (int i = 0; i < seqs.length; i++) {
                if (lossOf(message(member, seqs[i]), i == seqs.length - 1) != null) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Adds the findings to the result. */
    public synchronized void audit(CheckResult result) {
        for (AbsentMember member : members) {
            long[] seqs = member.ledger.sequencedSeqs();
            for (int i = 0; i < seqs.length; i++) {
                Message message = message(member, seqs[i]);
                String loss = lossOf(message, i == seqs.length - 1);
                if (loss != null) {
                    result.lostNotifications++;
                    result.evidence("notification lost: " + describe(message) + loss);
                }
                auditDoubles(message, result);
            }
        }
        result.repeatedNotifications += repeatedRequests;
    }

    private void auditDoubles(Message message, CheckResult result) {
        List<String> ids = idsByMessage.getOrDefault(message, List.of());
        Set<String> keys = keysByMessage.getOrDefault(message, Set.of());
        if (ids.size() > 1 || keys.size() > 1) {
            result.doubledNotifications++;
            result.evidence("notification doubled: " + describe(message) + " has the notifications " + ids
                    + " and the idempotency keys " + keys);
        }
    }

    /** Returns what is missing; null if the member was notified. */
    private @Nullable String lossOf(Message message, boolean isNewest) {
        List<String> ids = idsByMessage.getOrDefault(message, List.of());
        if (ids.isEmpty()) {
            return " has no notification";
        }
        PushOutcome.Result result = results.get(ids.getFirst());
        if (result == null) {
            return " has a notification without an outcome";
        }
        return switch (result) {
            case DELIVERED -> keysByMessage.containsKey(message) ? null : " has reached no webhook";
            case COLLAPSED -> isNewest ? " is the newest one, but its notification was replaced" : null;
            case EXPIRED, FAILED, OBSOLETE, RESULT_UNSPECIFIED, UNRECOGNIZED ->
                " has a notification with the outcome " + result;
        };
    }

    private static Message message(AbsentMember member, long seq) {
        return new Message(member.conversationId, member.userId, seq);
    }

    private static String describe(Message message) {
        return "seq " + message.seq + " of " + message.conversationId + " for " + message.userId;
    }
}
