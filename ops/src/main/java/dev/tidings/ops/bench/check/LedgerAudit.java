package dev.tidings.ops.bench.check;

import java.util.List;

/**
 * Judges what one {@link Ledger} recorded: lost, unanswered, rescued, recovered and resent messages, messages that only some
 * devices of a user have, and messages that were sequenced in another order than sent. The ledger holds its lock meanwhile.
 *
 * @param users their ids
 * @param receivers by device
 */
record LedgerAudit(List<String> users, List<SentMessage> messages, Receiver[] receivers) {

    /** Adds the findings to the result. Measures messages that were due at this time or later. */
    void addTo(CheckResult result, long measuredFromNanos) {
        result.outOfOrder += sequencedOutOfOrder();
        for (SentMessage message : messages) {
            if (message.isPromised()) {
                judgeReceivers(message, result);
            }
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

    /** A receiver without the message on any device has lost it. If only some of the devices have it, these diverge. */
    private void judgeReceivers(SentMessage message, CheckResult result) {
        int lost = 0;
        for (int user = 0; user < users.size(); user++) {
            int devices = 0;
            int holding = 0;
            for (int device = user; device < receivers.length; device += users.size()) {
                devices++;
                holding += message.isHeldBy(device) ? 1 : 0;
            }
            if (holding == 0) {
                lost += user == message.sender ? 0 : 1;
            } else if (holding < devices) {
                result.divergent++;
                result.evidence("device divergence: " + holding + " of " + devices + " devices of " + users.get(user)
                        + " have " + describe(message));
            }
        }
        if (lost > 0) {
            result.lost += lost;
            result.evidence("lost: " + describe(message) + ", not seen by " + lost + " of " + (users.size() - 1)
                    + " receivers");
        }
    }

    private void addEvidence(SentMessage message, CheckResult result) {
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

    /** How many devices have seen this message by pulling history only. */
    private int recoveredReceivers(SentMessage message) {
        int count = 0;
        for (int device = 0; device < receivers.length; device++) {
            boolean seen = device != message.sender && message.seenNanos[device] != 0;
            count += seen && !receivers[device].hasSeenLive(message) ? 1 : 0;
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
