package dev.tidings.gateway.auth;

import dev.tidings.schemas.settings.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The claims that a token must have, besides a valid signature.
 *
 * @param issuer the required {@code iss} ({@code gateway.jwt.issuer}); null: any
 * @param audience required among {@code aud} ({@code gateway.jwt.audience}); null: any
 * @param expiryRequired whether {@code exp} is required ({@code gateway.jwt.require-expiry})
 * @param clockSkew how far the clock of the issuer may be off ({@code gateway.jwt.clock-skew-seconds}, at most 300)
 */
public record TokenPolicy(
        @Nullable String issuer, @Nullable String audience, boolean expiryRequired, Duration clockSkew) {

    public static final TokenPolicy DEFAULT = new TokenPolicy(null, null, true, Duration.ofSeconds(60));

    public static TokenPolicy from(Settings settings) {
        return new TokenPolicy(
                settings.find("gateway.jwt.issuer"),
                settings.find("gateway.jwt.audience"),
                settings.flag("gateway.jwt.require-expiry", DEFAULT.expiryRequired()),
                Duration.ofSeconds(settings.integer(
                        "gateway.jwt.clock-skew-seconds",
                        (int) DEFAULT.clockSkew().toSeconds(),
                        0,
                        300)));
    }
}
