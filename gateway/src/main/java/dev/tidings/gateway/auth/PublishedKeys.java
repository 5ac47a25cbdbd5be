package dev.tidings.gateway.auth;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.net.MalformedURLException;
import java.time.Duration;

/**
 * Fetches the keys of an identity provider and caches them. A token with an unknown key id makes it fetch them again, at most
 * twice in an interval, so that a new key is accepted at once and forged ids do not load the provider. While the provider
 * does not answer, the last keys stay valid for a limited time.
 */
final class PublishedKeys {

    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int MAX_BYTES = 256 * 1024;

    /** A fetch and its retry take less. */
    private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(15);

    private PublishedKeys() {}

    static JWKSource<SecurityContext> of(TokenKeys.Jwks keys) {
        try {
            JWKSourceBuilder<SecurityContext> builder = JWKSourceBuilder.create(
                    keys.url().toURL(), new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_BYTES));
            if (keys.refreshInterval().isZero()) {
                builder.rateLimited(false);
            } else {
                builder.rateLimited(keys.refreshInterval().toMillis());
            }
            return builder.cache(keys.cacheTime().toMillis(), REFRESH_TIMEOUT.toMillis())
                    .refreshAheadCache(false)
                    .retrying(true)
                    .outageTolerant(keys.outageTime().toMillis())
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("not a URL: " + keys.url(), e);
        }
    }
}
