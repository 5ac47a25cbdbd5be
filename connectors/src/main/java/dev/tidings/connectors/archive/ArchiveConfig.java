package dev.tidings.connectors.archive;

import dev.tidings.connectors.retention.RetentionClass;
import dev.tidings.connectors.retention.RetentionPolicy;
import java.net.URI;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * Address and schedule of the archive.
 *
 * @param url http(s) URL of the bucket, with an optional prefix and without a slash at its end
 * @param accessKey empty: requests are not signed
 * @param afterMonths whole months that stay in ClickHouse, from 1
 */
public record ArchiveConfig(String url, String accessKey, String secretKey, int afterMonths) {

    public static final int DEFAULT_MONTHS = 12;
    public static final int MAX_MONTHS = 360;

    private static final int MAX_DAYS_OF_MONTH = 31;

    /** @throws IllegalArgumentException with the reason if the URL cannot be the URL of a bucket */
    public ArchiveConfig {
        URI parsed = URI.create(url);
        boolean isHttp = "http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme());
        if (!isHttp || parsed.getHost() == null || parsed.getQuery() != null || url.endsWith("/")) {
            throw new IllegalArgumentException(
                    "must be an http or https URL of a bucket, without a slash at its end, such as https://s3.example.org/tidings");
        }
        if (afterMonths < 1 || afterMonths > MAX_MONTHS) {
            throw new IllegalArgumentException(
                    "afterMonths is " + afterMonths + "; 1 to " + MAX_MONTHS + " are allowed");
        }
    }

    /** Whether all events of the month are old enough in the present month. */
    boolean isDue(YearMonth month, YearMonth now) {
        return month.plusMonths(afterMonths).isBefore(now);
    }

    /**
     * Returns a kind of conversations whose retention ends before its messages are archived; null: there is none.
     *
     * @see #minRetentionDays()
     */
    public @Nullable RetentionClass deletedTooEarly(RetentionPolicy retention) {
        return RetentionClass.conversationKinds()
                .filter(kind -> retention.days(kind) > 0 && retention.days(kind) < minRetentionDays())
                .findFirst()
                .orElse(null);
    }

    /** The age in days at which every message is archived, if the archive is written in time. */
    public int minRetentionDays() {
        return (afterMonths + 2) * MAX_DAYS_OF_MONTH;
    }

    /** Omits the secret. */
    @Override
    public String toString() {
        return "ArchiveConfig[url=" + url + ", afterMonths=" + afterMonths + ']';
    }
}
