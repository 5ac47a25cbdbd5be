package dev.tidings.ops.bench.check;

import java.util.List;

/**
 * Judges what one {@link Ledger} recorded: lost, unanswered, rescued, recovered and resent messages, and messages that were
 * sequenced in another order than sent. The ledger holds its lock meanwhile.
 *
 * @param users their ids
 * @param receivers by user
 */
record LedgerAudit(List<String> users, List<SentMessage> messages, Receiver[] receivers) {

    /** Adds the findings to the result. Measures messages that were due at this time or later. */
    void addTo(CheckResult result, long measuredFromNanos) {
        result.outOfOrder += sequencedOutOfOrder();
        for (SentMessage message : messages) {
            result.lost += message.lostReceivers();
            addEvidence(message, result);
            result.rescued += message.rescued ? 1 : 0;
            result.unanswered += message.isAnswered() ? 0 : 1;
            result.recovered += recoveredReceivers(message);
            result.resent += Math.max(0, message.attempts - 1);
            if (message.intendedNanos >= measuredFromNanos) {
                result.measure(message);
            }
        }
    }

    private void addEvidence(SentMessage message, CheckResult result) {
        if (message.lostReceivers() > 0) {
            result.evidence("lost: " + describe(message) + ", not seen by " + message.lostReceivers() + " of "
                    + (users.size() - 1) + " receivers");
        }
        if (!message.isAnswered()) {
            result.evidence("unanswered: " + describe(message));
        }
        if (message.rescued) {
            result.evidence("rescued: " + describe(message));
        }
    }

    private String describe(SentMessage message) {
        return "message " + message.number + " of " + users.get(message.sender) + " to "
                + users.stream()
                        .filter(user -> !user.equals(users.get(message.sender)))
                        .limit(1)
                        .findFirst()
                        .orElse("no one")
                + (users.size() > 2 ? " and others" : "") + ", seq " + message.seq + ", " + message.attempts
                + " attempts" + (message.acceptedConnection != 0 ? ", accepted" : ", not accepted");
    }

    /** How many receivers have seen this message by pulling history only. */
    private int recoveredReceivers(SentMessage message) {
        int count = 0;
        for (int user = 0; user < receivers.length; user++) {
            boolean seen = user != message.sender && message.seenNanos[user] != 0;
            count += seen && !receivers[user].hasSeenLive(message) ? 1 : 0;
        }
        return count;
    }

    /**
     * Counts messages whose seq is below that of a message which the same sender sent earlier. Compares messages only that
     * were sent once and over the same connection: a message that is sent again has no place in the order.
     */
    private long sequencedOutOfOrder() {
        long count = 0;
        long[] newestSeq = new long[receivers.length];
        int[] connection = new int[receivers.length];
        for (SentMessage message : messages) {
            int sender = message.sender;
            if (message.attempts != 1 || message.seq == 0) {
                continue;
            }
            boolean sameConnection = message.connection == connection[sender];
            if (sameConnection && message.seq < newestSeq[sender]) {
                count++;
            }
            newestSeq[sender] = sameConnection ? Math.max(newestSeq[sender], message.seq) : message.seq;
            connection[sender] = message.connection;
        }
        return count;
    }
}
