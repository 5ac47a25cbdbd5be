package dev.tidings.schemas.check;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import org.jspecify.annotations.Nullable;

/**
 * Checks that no ban of a change of rules is over already. Gateways and INTAKE do so, once for all partitions of the command log: each
 * of them applies the change at a time of its own.
 */
public final class PastBans {

    private PastBans() {}

    /**
     * Returns a refusal that names the first such ban; otherwise null.
     *
     * @param atMillis the time of the request in the log
     */
    public static @Nullable Refusal check(RulesCommand rules, long atMillis) {
        for (Ban ban : rules.getBanList()) {
            if (ban.hasUntil()
                    && Timestamps.isValid(ban.getUntil())
                    && Timestamps.toMillis(ban.getUntil()) <= atMillis) {
                return Refusals.of(
                        Refusal.Reason.INVALID_ARGUMENT,
                        "until of the ban of " + BanSubject.of(ban) + " is " + Timestamps.toString(ban.getUntil())
                                + "; a time in the future, or none, is allowed");
            }
        }
        return null;
    }
}
