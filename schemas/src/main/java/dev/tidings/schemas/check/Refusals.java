package dev.tidings.schemas.check;

import dev.tidings.schemas.id.ExternalId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Refusal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes refusals. The {@code check} methods are the rules that several checks share: each returns a refusal, or null if the
 * value is allowed.
 */
public final class Refusals {

    private static final int MAX_QUOTED_CODE_POINTS = 80;

    private Refusals() {}

    /** @param message names the wrong value and says what is allowed */
    public static Refusal of(Refusal.Reason reason, String message) {
        return Refusal.newBuilder().setReason(reason).setMessage(message).build();
    }

    static Refusal invalid(String message) {
        return of(Refusal.Reason.INVALID_ARGUMENT, message);
    }

    /** The first refusal that is not null, or null. */
    static @Nullable Refusal first(@Nullable Refusal... refusals) {
        for (Refusal refusal : refusals) {
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    static @Nullable Refusal checkLength(String field, String text, int maxBytes) {
        return checkLength(field, text.getBytes(StandardCharsets.UTF_8).length, maxBytes);
    }

    static @Nullable Refusal checkLength(String field, int bytes, int maxBytes) {
        return bytes <= maxBytes
                ? null
                : invalid(field + " has " + bytes + " bytes; at most " + maxBytes + " are allowed");
    }

    static @Nullable Refusal checkId(String field, String id) {
        return checkId(field, id, ExternalId.MAX_BYTES);
    }

    static @Nullable Refusal checkId(String field, String id, int maxBytes) {
        return ExternalId.isValid(id, maxBytes)
                ? null
                : invalid(field + " is " + quoted(id) + "; 1 to " + maxBytes
                        + " bytes without control characters are allowed");
    }

    static @Nullable Refusal checkCount(String field, int entries, int min, int max) {
        return entries >= min && entries <= max
                ? null
                : invalid(field + " has " + entries + " entries; " + (min == 0 ? "at most " + max : min + " to " + max)
                        + " are allowed");
    }

    static @Nullable Refusal checkRange(String field, long value, long min, long max) {
        return value >= min && value <= max
                ? null
                : invalid(field + " is " + value + "; " + min + " to " + max + " is allowed");
    }

    static @Nullable Refusal checkNotNegative(String field, long value) {
        return value >= 0 ? null : invalid(field + " is " + value + "; it must not be negative");
    }

    static @Nullable Refusal checkSeq(long seq) {
        return seq >= 1 ? null : of(Refusal.Reason.SEQ_OUT_OF_RANGE, "seq is " + seq + "; it must be at least 1");
    }

    static @Nullable Refusal checkUsers(Iterable<String> userIds) {
        for (String userId : userIds) {
            Refusal refusal = checkUser(userId);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    public static @Nullable Refusal checkUser(String userId) {
        return UserId.isValid(userId)
                ? null
                : of(
                        Refusal.Reason.INVALID_USER_ID,
                        "user id " + quoted(userId) + " is not allowed; it must match [A-Za-z0-9_.-]{1,64}");
    }

    /** The text in quotation marks, cut after {@value #MAX_QUOTED_CODE_POINTS} code points. */
    static String quoted(String text) {
        String shown = text.codePointCount(0, text.length()) <= MAX_QUOTED_CODE_POINTS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_QUOTED_CODE_POINTS)) + "…";
        return '"' + shown + '"';
    }
}
