package dev.tidings.gateway.auth;

import dev.tidings.schemas.settings.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The claims that a token must have, besides a valid signature, and the one that names the user.
 *
 * @param issuer the required {@code iss} ({@code gateway.jwt.issuer}); null: any
 * @param audience required among {@code aud} ({@code gateway.jwt.audience}); null: any
 * @param expiryRequired whether {@code exp} is required ({@code gateway.jwt.require-expiry})
 * @param clockSkew how far the clock of the issuer may be off ({@code gateway.jwt.clock-skew-seconds}, at most 300)
 * @param userClaim the claim whose text is the user id, encoded as {@code UserIdEncoding} says ({@code gateway.jwt.user-claim})
 * @param maxLifetime the latest {@code exp} from now ({@code gateway.jwt.max-lifetime-days}, at most 90); revocations are kept
 *     for this time
 */
public record TokenPolicy(
        @Nullable String issuer,
        @Nullable String audience,
        boolean expiryRequired,
        Duration clockSkew,
        String userClaim,
        Duration maxLifetime) {

    public static final TokenPolicy DEFAULT =
            new TokenPolicy(null, null, true, Duration.ofSeconds(30), "sub", Duration.ofDays(31));

    public static TokenPolicy from(Settings settings) {
        return new TokenPolicy(
                settings.find("gateway.jwt.issuer"),
                settings.find("gateway.jwt.audience"),
                settings.flag("gateway.jwt.require-expiry", DEFAULT.expiryRequired()),
                Duration.ofSeconds(settings.integer(
                        "gateway.jwt.clock-skew-seconds",
                        (int) DEFAULT.clockSkew().toSeconds(),
                        0,
                        300)),
                settings.text("gateway.jwt.user-claim", DEFAULT.userClaim()),
                Duration.ofDays(settings.integer(
                        "gateway.jwt.max-lifetime-days",
                        (int) DEFAULT.maxLifetime().toDays(),
                        1,
                        90)));
    }
}
