package dev.tidings.ops.bench;

import dev.tidings.v1.Content;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds a run to the promise: every accepted message gets one place in its conversation, without gaps and in the order
 * its sender sent, and reaches its receivers. One {@link Ledger} per conversation takes the notes.
 */
final class Checker {

    private final List<Ledger> ledgers = new ArrayList<>();

    /** To be called before the run starts. */
    Ledger open(List<String> users, Content content) {
        Ledger ledger = new Ledger(users, content);
        ledgers.add(ledger);
        return ledger;
    }

    /** Whether every message was answered, wherever it may have arrived. */
    boolean isAnswered() {
        return ledgers.stream().allMatch(Ledger::isAnswered);
    }

    /** Whether every message was answered, and those with a place in their conversation reached everybody. */
    boolean isSettled() {
        return ledgers.stream().allMatch(Ledger::isSettled);
    }

    /** What can be said by now of all messages; those intended in the given window of time are measured. */
    Verdict audit(long measuredFromNanos, long measuredUntilNanos) {
        Verdict verdict = new Verdict(measuredUntilNanos);
        ledgers.forEach(ledger -> ledger.audit(verdict, measuredFromNanos));
        return verdict;
    }
}
