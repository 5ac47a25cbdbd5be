package dev.tidings.ops.verify;

import dev.tidings.ops.verify.Discrepancy.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tallies of all conversations of one partition. Checks that the seqs of each conversation follow each other. Not thread-safe.
 */
final class LogTally {

    /** Bounds the memory: a tally takes some 200 bytes. */
    static final int MAX_CONVERSATIONS = 2_000_000;

    private final boolean isWhole;
    private final Discrepancies discrepancies;
    private final int maxConversations;
    private final Map<String, Long> removedUpTo;
    private final Map<String, ConversationTally> tallies = new HashMap<>();
    private final Map<String, Long> later = new HashMap<>();

    /**
     * @param isWhole whether the partition still has its first record; otherwise the first seqs are unknown
     * @param removedUpTo the last seq that the stores need not have any more, by conversation; absent: they have all
     */
    LogTally(boolean isWhole, Map<String, Long> removedUpTo, Discrepancies discrepancies, int maxConversations) {
        this.removedUpTo = removedUpTo;
        this.isWhole = isWhole;
        this.discrepancies = discrepancies;
        this.maxConversations = maxConversations;
    }

    /**
     * Adds an event of the compared part. An event with a seq that the conversation has passed is reported and not added.
     *
     * @throws CannotVerifyException if there are too many conversations
     */
    void add(String conversationId, long seq, long hash, boolean isMessage) {
        ConversationTally tally = tallies.get(conversationId);
        if (tally == null) {
            if (tallies.size() >= maxConversations) {
                throw new CannotVerifyException("a partition has more than " + maxConversations
                        + " conversations; compare a part of them with --sample");
            }
            tally = new ConversationTally(isWhole ? 1 : seq);
            tallies.put(conversationId, tally);
        }
        long expected = tally.lastSeq() + 1;
        if (seq < expected) {
            discrepancies.add(Store.LOG, Kind.EXTRA, conversationId, seq);
            return;
        }
        if (seq > expected) {
            discrepancies.add(new Discrepancy(Store.LOG, Kind.MISSING, conversationId, expected, seq - 1));
        }
        if (seq <= removedUpTo.getOrDefault(conversationId, 0L)) {
            tally.skip(seq);
        } else {
            tally.add(seq, hash, isMessage);
        }
    }

    /** Notes an event after the compared part. */
    void addLater(String conversationId, long seq) {
        ConversationTally tally = tallies.get(conversationId);
        if (tally == null) {
            later.merge(conversationId, seq, Math::max);
        } else {
            tally.addLater(seq);
        }
    }

    /** Returns the conversations of the compared part, in order. */
    List<String> conversations() {
        return tallies.keySet().stream().sorted().toList();
    }

    ConversationTally get(String conversationId) {
        ConversationTally tally = tallies.get(conversationId);
        if (tally == null) {
            throw new IllegalArgumentException("no tally of " + conversationId);
        }
        return tally;
    }

    /** Whether the log has an event of the conversation, in the compared part or after it. */
    boolean knows(String conversationId) {
        return tallies.containsKey(conversationId) || later.containsKey(conversationId);
    }

    boolean isWhole() {
        return isWhole;
    }

    long events() {
        return tallies.values().stream().mapToLong(ConversationTally::events).sum();
    }

    long messages() {
        return tallies.values().stream().mapToLong(ConversationTally::messages).sum();
    }
}
