package dev.tidings.gateway.auth;

import dev.tidings.schemas.id.TokenSubject;
import dev.tidings.v1.Error;
import dev.tidings.v1.TokenRevocation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The revoked tokens, devices and users, from topic {@code token-revocations}. A revocation lapses after the longest lifetime
 * of a token, because every token that it revokes has expired then. Thread-safe, with one writer.
 */
public final class RevocationList {

    /** Revocations that apply at a time; writers refuse further ones. They take about 20 MB. */
    public static final int MAX_REVOCATIONS = 100_000;

    private final long lifetimeMillis;
    private final LongSupplier logMillis;
    private final Map<String, Long> revokedAtMillis = new ConcurrentHashMap<>();
    private int acceptedSincePurge;

    /**
     * @param maxLifetime of a token
     * @param logMillis the time of the log
     */
    public RevocationList(Duration maxLifetime, LongSupplier logMillis) {
        this.lifetimeMillis = maxLifetime.toMillis();
        this.logMillis = logMillis;
    }

    /**
     * Replaces an earlier revocation of the same subject.
     *
     * @param atMillis the time of the log at which the tokens were revoked
     */
    public void accept(TokenRevocation revocation, long atMillis) {
        String subject = TokenSubject.of(revocation);
        if (hasLapsed(atMillis)) {
            revokedAtMillis.remove(subject);
        } else {
            revokedAtMillis.put(subject, atMillis);
        }
        acceptedSincePurge++;
        if (acceptedSincePurge > MAX_REVOCATIONS / 10) {
            purge();
        }
    }

    /**
     * @param principal of the token
     * @param deviceId the device that uses it
     */
    public boolean isRevoked(Principal principal, String deviceId) {
        return (!principal.tokenId().isEmpty() && revokedAt(TokenSubject.ofToken(principal.tokenId())) != null)
                || isIssuedBefore(principal, revokedAt(TokenSubject.ofUser(principal.userId())))
                || isIssuedBefore(principal, revokedAt(TokenSubject.ofDevice(principal.userId(), deviceId)));
    }

    /** Returns an authenticator that rejects revoked tokens, for requests without a device of their own. */
    public Authenticator guard(Authenticator authenticator) {
        return token -> {
            Principal principal = authenticator.authenticate(token);
            if (isRevoked(principal, principal.deviceId())) {
                throw new RejectedTokenException(Error.Code.INVALID_TOKEN, "the token has been revoked");
            }
            return principal;
        };
    }

    /** The number of revocations that apply now. */
    public int size() {
        purge();
        return revokedAtMillis.size();
    }

    /** A token states its time of issue in whole seconds: all tokens of the second of the revocation are revoked. */
    private static boolean isIssuedBefore(Principal principal, @Nullable Long revokedAt) {
        return revokedAt != null && principal.issuedAtMillis() <= revokedAt;
    }

    private @Nullable Long revokedAt(String subject) {
        Long at = revokedAtMillis.get(subject);
        return at == null || hasLapsed(at) ? null : at;
    }

    private boolean hasLapsed(long atMillis) {
        return atMillis + lifetimeMillis < logMillis.getAsLong();
    }

    private void purge() {
        acceptedSincePurge = 0;
        revokedAtMillis.values().removeIf(this::hasLapsed);
    }
}
