package dev.tidings.gateway.token;

import dev.tidings.gateway.auth.TokenPolicy;
import dev.tidings.gateway.auth.TokenSigner;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the token service.
 *
 * @param clients that may ask for tokens ({@code gateway.token-clients})
 * @param signer with {@code gateway.token-signing-key} or {@code gateway.jwt.secret}
 * @param maxLifetime of an access token ({@code gateway.token-max-lifetime-minutes})
 * @param refreshLifetime of a refresh token; zero: none are issued ({@code gateway.token-refresh-days})
 */
public record TokenServiceConfig(
        TokenClients clients, TokenSigner signer, Duration maxLifetime, Duration refreshLifetime) {

    private static final int DEFAULT_MAX_LIFETIME_MINUTES = 24 * 60;
    private static final int DEFAULT_REFRESH_DAYS = 30;

    /**
     * Returns null if there is no file of clients: the gateway has no token service then.
     *
     * @throws SettingsException if a value is wrong, or there is no key to sign with
     */
    public static @Nullable TokenServiceConfig from(Settings settings) {
        String file = settings.find("gateway.token-clients");
        int maxDays = (int) TokenPolicy.from(settings).maxLifetime().toDays();
        int maxMinutes = Math.toIntExact(Duration.ofDays(maxDays).toMinutes());
        int lifetimeMinutes = settings.integer(
                "gateway.token-max-lifetime-minutes",
                Math.min(DEFAULT_MAX_LIFETIME_MINUTES, maxMinutes),
                1,
                maxMinutes);
        int refreshDays =
                settings.integer("gateway.token-refresh-days", Math.min(DEFAULT_REFRESH_DAYS, maxDays), 0, maxDays);
        if (file == null) {
            return null;
        }
        TokenSigner signer = TokenSigner.from(settings);
        if (signer == null) {
            throw new SettingsException(
                    "gateway.token-clients needs gateway.token-signing-key or gateway.jwt.secret to sign tokens");
        }
        return new TokenServiceConfig(
                TokenClients.read("gateway.token-clients", Path.of(file)),
                signer,
                Duration.ofMinutes(lifetimeMinutes),
                Duration.ofDays(refreshDays));
    }
}
