package dev.tidings.gateway.auth;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The keys that tokens are verified with. */
public sealed interface TokenKeys {

    /** HS256 with a secret of at least 32 bytes ({@code gateway.jwt.secret}). */
    record Secret(String value) implements TokenKeys {

        private static final int MIN_BYTES = 32;

        public Secret {
            if (value.getBytes(StandardCharsets.UTF_8).length < MIN_BYTES) {
                throw new SettingsException("gateway.jwt.secret must have at least " + MIN_BYTES + " bytes");
            }
        }

        @Override
        public String toString() {
            return "Secret[…]";
        }
    }

    /** The published keys of an identity provider ({@code gateway.jwt.jwks-url}). */
    record Jwks(URI url) implements TokenKeys {}

    /** @throws SettingsException unless exactly one of the two is set, and valid */
    static TokenKeys from(Settings settings) {
        String secret = settings.find("gateway.jwt.secret");
        String jwksUrl = settings.find("gateway.jwt.jwks-url");
        if ((secret == null) == (jwksUrl == null)) {
            throw new SettingsException("exactly one of gateway.jwt.secret and gateway.jwt.jwks-url must be set");
        }
        return secret != null ? new Secret(secret) : new Jwks(httpUrl(jwksUrl));
    }

    private static URI httpUrl(@Nullable String url) {
        try {
            URI uri = URI.create(url == null ? "" : url);
            if ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // reported below
        }
        throw new SettingsException("gateway.jwt.jwks-url must be an http or https URL; it is \"" + url + '"');
    }
}
