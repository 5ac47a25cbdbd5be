package dev.tidings.connectors.retention;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * The days after which data is deleted.
 *
 * @param days by class; 0 or absent: for ever
 */
public record RetentionPolicy(Map<RetentionClass, Integer> days) {

    /** About 30 years. ClickHouse computes the end of a retention as a {@code DateTime}, which ends in 2106. */
    public static final int MAX_DAYS = 10_950;

    public static final RetentionPolicy FOR_EVER = new RetentionPolicy(Map.of());

    public RetentionPolicy {
        days.forEach((retained, number) -> {
            if (number < 0 || number > MAX_DAYS) {
                throw new IllegalArgumentException("the retention of " + retained.label() + " is " + number
                        + " days; 0 to " + MAX_DAYS + " are allowed");
            }
        });
        days = Map.copyOf(days);
    }

    /** Reads the days of each class. */
    public static RetentionPolicy of(ToIntFunction<RetentionClass> daysOf) {
        Map<RetentionClass, Integer> days = new EnumMap<>(RetentionClass.class);
        for (RetentionClass retained : RetentionClass.values()) {
            days.put(retained, daysOf.applyAsInt(retained));
        }
        return new RetentionPolicy(days);
    }

    /** Returns the days; 0: for ever. */
    public int days(RetentionClass retained) {
        return days.getOrDefault(retained, 0);
    }

    /** Whether data of this time and class may be deleted at the other time. */
    public boolean isOver(RetentionClass retained, long atMillis, long nowMillis) {
        int kept = days(retained);
        return kept > 0 && atMillis <= nowMillis - Duration.ofDays(kept).toMillis();
    }

    /** Whether an event of the conversation may be deleted at the time. */
    public boolean isOver(String conversationId, long sentAtMillis, long nowMillis) {
        return RetentionClass.ofConversation(conversationId)
                .filter(kind -> isOver(kind, sentAtMillis, nowMillis))
                .isPresent();
    }
}
