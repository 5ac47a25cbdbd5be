package dev.tidings.ops.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The faults of a run, one after the other: a fault begins when the one before is over and the cluster had time to recover. Every pair
 * of process and kind comes before one comes again. The same seed gives the same schedule.
 */
final class FaultSchedule {

    /** Before the first fault and after the last one. */
    private static final Duration CALM = Duration.ofSeconds(5);

    private static final long MIN_DOWN_MILLIS = 1_000;
    private static final long MAX_DOWN_MILLIS = 8_000;
    private static final long MIN_RECOVERY_MILLIS = 3_000;
    private static final long MAX_RECOVERY_MILLIS = 8_000;

    private record Choice(int process, FaultKind kind) {}

    private FaultSchedule() {}

    /**
     * Returns the faults that fit into the run, in the order of time.
     *
     * @param processes how many processes may fail
     */
    static List<Fault> of(long seed, Duration length, int processes, List<FaultKind> kinds) {
        Random random = new Random(seed);
        long endMillis = length.minus(CALM).toMillis();
        List<Fault> faults = new ArrayList<>();
        List<Choice> left = new ArrayList<>();
        long atMillis = CALM.toMillis();
        while (true) {
            if (left.isEmpty()) {
                left.addAll(choices(processes, kinds));
                Collections.shuffle(left, random);
            }
            long downMillis = random.nextLong(MIN_DOWN_MILLIS, MAX_DOWN_MILLIS + 1);
            if (left.isEmpty() || atMillis + downMillis > endMillis) {
                return faults;
            }
            Choice choice = left.removeLast();
            faults.add(
                    new Fault(Duration.ofMillis(atMillis), choice.process, choice.kind, Duration.ofMillis(downMillis)));
            atMillis += downMillis + random.nextLong(MIN_RECOVERY_MILLIS, MAX_RECOVERY_MILLIS + 1);
        }
    }

    private static List<Choice> choices(int processes, List<FaultKind> kinds) {
        List<Choice> choices = new ArrayList<>();
        for (int process = 0; process < processes; process++) {
            for (FaultKind kind : kinds) {
                choices.add(new Choice(process, kind));
            }
        }
        return choices;
    }
}
