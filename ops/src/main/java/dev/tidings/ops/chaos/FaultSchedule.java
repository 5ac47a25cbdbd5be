package dev.tidings.ops.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The faults of a run, one after the other: a fault begins when the one before is over and the cluster had time to recover. Every
 * target comes before one comes again. The same seed gives the same schedule.
 */
final class FaultSchedule {

    /** Before the first fault and after the last one. */
    static final Duration CALM = Duration.ofSeconds(5);

    private static final long MIN_DOWN_MILLIS = 1_000;
    private static final long MAX_DOWN_MILLIS = 8_000;
    static final long MIN_RECOVERY_MILLIS = 3_000;
    private static final long MAX_RECOVERY_MILLIS = 8_000;

    private static final int MAX_CLOCK_SHIFT_SECONDS = 60;

    private FaultSchedule() {}

    /**
     * Returns the faults that fit into the run, in the order of time.
     *
     * @param targets what may fail
     */
    static List<Fault> of(long seed, Duration length, List<Fault.Target> targets) {
        Random random = new Random(seed);
        long endMillis = length.minus(CALM).toMillis();
        List<Fault> faults = new ArrayList<>();
        List<Fault.Target> left = new ArrayList<>();
        long atMillis = CALM.toMillis();
        while (true) {
            if (left.isEmpty()) {
                left.addAll(targets);
                Collections.shuffle(left, random);
            }
            long downMillis = random.nextLong(MIN_DOWN_MILLIS, MAX_DOWN_MILLIS + 1);
            if (left.isEmpty() || atMillis + downMillis > endMillis) {
                return faults;
            }
            int clockShift = random.nextInt(1, MAX_CLOCK_SHIFT_SECONDS + 1) * (random.nextBoolean() ? 1 : -1);
            faults.add(new Fault(
                    Duration.ofMillis(atMillis),
                    left.removeLast(),
                    Duration.ofMillis(downMillis),
                    Duration.ofSeconds(clockShift)));
            atMillis += downMillis + random.nextLong(MIN_RECOVERY_MILLIS, MAX_RECOVERY_MILLIS + 1);
        }
    }
}
