package dev.tidings.ops.bench.check;

import dev.tidings.v1.Content;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks the guarantees of a run: every accepted message gets one seq in its conversation, without gaps and in the order of
 * its sender, and reaches its receivers. Holds one {@link Ledger} for each conversation.
 */
public final class Checker {

    private final List<Ledger> ledgers = new ArrayList<>();

    /** Adds a conversation whose users have one device each. Must be called before the run starts. */
    public Ledger open(List<String> users, Content content) {
        return open(users, 1, content);
    }

    /** Adds a conversation. Must be called before the run starts. */
    public Ledger open(List<String> users, int devicesPerUser, Content content) {
        Ledger ledger = new Ledger(users, devicesPerUser, content);
        ledgers.add(ledger);
        return ledger;
    }

    /** Whether every message was answered, and every sequenced message has reached all devices. */
    public boolean isSettled() {
        return ledgers.stream().allMatch(Ledger::isSettled);
    }

    /** Judges all messages as they are now. Measures those whose due time lies in the given window. */
    public CheckResult audit(long measuredFromNanos, long measuredUntilNanos) {
        CheckResult result = new CheckResult(measuredFromNanos, measuredUntilNanos);
        ledgers.forEach(ledger -> ledger.audit(result, measuredFromNanos));
        return result;
    }
}
