package dev.tidings.gateway.auth;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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

    /**
     * The published keys of an identity provider ({@code gateway.jwt.jwks-url}): RS256, PS256, ES256 and ES384.
     *
     * @param cacheTime after which the keys are fetched again ({@code gateway.jwt.jwks-cache-seconds})
     * @param refreshInterval in which unknown key ids make the gateway fetch the keys at most twice, shorter than
     *     cacheTime; zero: as often as they come
     * @param outageTime how long the last keys stay valid while the provider does not answer
     */
    record Jwks(URI url, Duration cacheTime, Duration refreshInterval, Duration outageTime) implements TokenKeys {

        public Jwks(URI url, Duration cacheTime) {
            this(url, cacheTime, Duration.ofSeconds(30), Duration.ofHours(1));
        }
    }

    /** Keys from a PEM file: RS256 and ES256 ({@code gateway.jwt.public-key-file}). A key id in a token is ignored. */
    record PublicKeys(List<PublicKey> keys) implements TokenKeys {

        public PublicKeys {
            keys = List.copyOf(keys);
        }
    }

    /**
     * The key with which the token service signs ({@code gateway.token-signing-key}), and the keys of other issuers.
     *
     * @param keyId of the tokens that this key signs
     * @param others null: there are no other issuers
     */
    record OwnKey(PublicKey key, String keyId, @Nullable TokenKeys others) implements TokenKeys {}

    /** @throws SettingsException unless exactly one of the three is set, and valid; with a signing key, none is needed */
    static TokenKeys from(Settings settings) {
        TokenSigner signer = TokenSigner.from(settings);
        TokenKeys own = signer == null ? null : signer.verificationKeys();
        return own instanceof OwnKey(PublicKey key, String keyId, var none)
                ? new OwnKey(key, keyId, hasIssuer(settings) ? ofIssuer(settings) : none)
                : ofIssuer(settings);
    }

    private static boolean hasIssuer(Settings settings) {
        return settings.find("gateway.jwt.secret") != null
                || settings.find("gateway.jwt.jwks-url") != null
                || settings.find("gateway.jwt.public-key-file") != null;
    }

    private static TokenKeys ofIssuer(Settings settings) {
        String secret = settings.find("gateway.jwt.secret");
        String jwksUrl = settings.find("gateway.jwt.jwks-url");
        String file = settings.find("gateway.jwt.public-key-file");
        if (Stream.of(secret, jwksUrl, file).filter(Objects::nonNull).count() != 1) {
            throw new SettingsException("exactly one of gateway.jwt.secret, gateway.jwt.jwks-url and"
                    + " gateway.jwt.public-key-file must be set");
        }
        if (secret != null) {
            return new Secret(secret);
        }
        if (file != null) {
            return new PublicKeys(PemKeys.publicKeys("gateway.jwt.public-key-file", Path.of(file)));
        }
        int cacheSeconds = settings.integer("gateway.jwt.jwks-cache-seconds", 300, 60, 86_400);
        return new Jwks(httpUrl(jwksUrl), Duration.ofSeconds(cacheSeconds));
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
