package dev.tidings.gateway.auth;

import dev.tidings.schemas.settings.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a token must say to be for this system, whoever signed it.
 *
 * @param issuer its {@code iss} ({@code gateway.jwt.issuer}); null: any
 * @param audience among its {@code aud} ({@code gateway.jwt.audience}); null: any
 * @param expiryRequired whether it must have {@code exp} ({@code gateway.jwt.require-expiry})
 * @param clockSkew how far the issuer's clock may be off ({@code gateway.jwt.clock-skew-seconds}, at most 300)
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
