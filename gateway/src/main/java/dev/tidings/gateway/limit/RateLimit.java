package dev.tidings.gateway.limit;

import dev.tidings.schemas.settings.SettingsException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rate limit: a bucket of {@code burst} tokens that fills up at {@code perSecond}.
 *
 * @param perSecond greater than 0
 * @param burst at least 1; {@link #OFF} has none
 */
public record RateLimit(double perSecond, long burst) {

    /** Allows everything. */
    public static final RateLimit OFF = new RateLimit(Double.POSITIVE_INFINITY, Long.MAX_VALUE);

    private static final double MIN_PER_SECOND = 0.001;
    private static final long MAX = 1_000_000_000;
    private static final Pattern TEXT = Pattern.compile("(\\d{1,10}(?:\\.\\d{1,3})?)/(\\d{1,10})");

    /**
     * Reads {@code rate/burst}, such as {@code 100/2000} or {@code 0.2/50}, or {@code off}.
     *
     * @param key of the setting, for the error
     */
    static RateLimit parse(String key, String text) {
        if (text.equals("off")) {
            return OFF;
        }
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            double perSecond = Double.parseDouble(matcher.group(1));
            long burst = Long.parseLong(matcher.group(2));
            if (perSecond >= MIN_PER_SECOND && perSecond <= MAX && burst >= 1 && burst <= MAX) {
                return new RateLimit(perSecond, burst);
            }
        }
        throw new SettingsException(key + " must be off or rate/burst, such as 100/2000: a rate per second from "
                + MIN_PER_SECOND + " to " + MAX + " and a burst from 1 to " + MAX + "; it is \"" + text + '"');
    }

    boolean isOff() {
        return equals(OFF);
    }

    /** The time in which an empty bucket fills up; 0 if the limit is off. */
    double secondsToFill() {
        return isOff() ? 0 : burst / perSecond;
    }
}
