package dev.tidings.ops.replay;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Compares the computed events of one partition with the recorded ones. Both are in the order of their commands; an event and its
 * partner have the same command. Events before a pair, on either side, have no partner.
 *
 * <p>If both sides are equal, no event waits. Otherwise up to {@value #WINDOW} events wait on each side for their partner.
 */
final class Comparison {

    static final int WINDOW = 1_000;

    /** The recorded events, in order. */
    interface Recorded {
        /** Returns the next event, or null at the end. */
        @Nullable
        Candidate next();
    }

    /**
     * A recorded event.
     *
     * @param settled whether its command is certainly among those replayed; if not, a missing partner is no finding
     */
    record Candidate(EventRecord event, boolean settled) {}

    /** @param counts whether it is in the compared range */
    private record Computed(EventRecord event, boolean counts) {}

    private final int partition;
    private final Recorded recorded;
    private final ReplayFindings findings;

    private final Deque<Candidate> waitingRecorded = new ArrayDeque<>();
    private final Deque<Computed> waitingComputed = new ArrayDeque<>();
    private boolean recordedEnded;
    private boolean lastPairCounted;

    Comparison(int partition, Recorded recorded, ReplayFindings findings) {
        this.partition = partition;
        this.recorded = recorded;
        this.findings = findings;
    }

    /**
     * Takes the next computed event.
     *
     * @param counts whether it is in the compared range
     */
    void computed(EventRecord event, boolean counts) {
        Computed computed = new Computed(event, counts);
        if (!pairWithRecorded(computed)) {
            waitingComputed.addLast(computed);
            if (waitingComputed.size() > WINDOW) {
                report(waitingComputed.removeFirst());
            }
        }
        while (!waitingComputed.isEmpty() && waitingRecorded.size() < waitingComputed.size() && !recordedEnded) {
            advance(counts);
        }
    }

    /**
     * Ends the comparison: there are no more computed events.
     *
     * @param counts whether the end is in the compared range
     */
    void end(boolean counts) {
        while (!recordedEnded) {
            advance(counts);
        }
        waitingComputed.forEach(this::report);
        waitingComputed.clear();
        waitingRecorded.forEach(candidate -> report(candidate, counts));
        waitingRecorded.clear();
    }

    private void advance(boolean counts) {
        Candidate next = recorded.next();
        if (next == null) {
            recordedEnded = true;
        } else if (!pairWithComputed(next)) {
            waitingRecorded.addLast(next);
            if (waitingRecorded.size() > WINDOW) {
                report(waitingRecorded.removeFirst(), counts);
            }
        }
    }

    private boolean pairWithRecorded(Computed computed) {
        if (waitingRecorded.stream().noneMatch(waiting -> waiting.event().hasSameOrigin(computed.event()))) {
            return false;
        }
        waitingComputed.forEach(this::report);
        waitingComputed.clear();
        Candidate partner = waitingRecorded.removeFirst();
        while (!partner.event().hasSameOrigin(computed.event())) {
            report(partner, computed.counts());
            partner = waitingRecorded.removeFirst();
        }
        pair(partner, computed);
        return true;
    }

    private boolean pairWithComputed(Candidate candidate) {
        if (waitingComputed.stream().noneMatch(waiting -> waiting.event().hasSameOrigin(candidate.event()))) {
            return false;
        }
        Computed partner = waitingComputed.removeFirst();
        while (!partner.event().hasSameOrigin(candidate.event())) {
            report(partner);
            partner = waitingComputed.removeFirst();
        }
        for (Candidate before : waitingRecorded) {
            report(before, partner.counts());
        }
        waitingRecorded.clear();
        pair(candidate, partner);
        return true;
    }

    private void pair(Candidate candidate, Computed computed) {
        lastPairCounted = computed.counts();
        if (!computed.counts()) {
            return;
        }
        String difference = candidate.event().differenceFrom(computed.event());
        if (difference == null) {
            findings.equal();
        } else {
            findings.add(Finding.different(partition, candidate.event(), computed.event(), difference));
        }
    }

    private void report(Computed withoutPartner) {
        if (withoutPartner.counts()) {
            findings.add(Finding.unexpected(partition, withoutPartner.event()));
        }
    }

    /** An event between two pairs is in the compared range if one of the pairs is. */
    private void report(Candidate withoutPartner, boolean nextPairCounts) {
        if (withoutPartner.settled() && (lastPairCounted || nextPairCounts)) {
            findings.add(Finding.missing(partition, withoutPartner.event()));
        }
    }
}
