package dev.tidings.processors.intake;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Checks that no ban of a request is over already. INTAKE decides it once for all partitions: each of them applies the command at a
 * time of its own.
 */
final class PastBans {

    private PastBans() {}

    /**
     * Returns a refusal that names the first such ban; otherwise null.
     *
     * @param atMillis the time of the request in the log
     */
    static @Nullable Refusal check(BusinessCommand request, long atMillis) {
        for (Ban ban : request.getRules().getBanList()) {
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
