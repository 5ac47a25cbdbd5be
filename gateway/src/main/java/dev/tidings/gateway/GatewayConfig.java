package dev.tidings.gateway;

import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway is run.
 *
 * @param bootstrapServers the Kafka cluster ({@code kafka.bootstrap-servers})
 * @param clientProperties more for every Kafka client ({@code kafka.client.*}), such as security
 * @param host where to listen ({@code gateway.host})
 * @param httpPort where to listen; 0: any free port ({@code gateway.http-port})
 * @param slot the gateway's slot, such as a StatefulSet's ordinal, or null to take a free one ({@code gateway.slot})
 * @param tokenKeys what tokens are verified with
 * @param maxFrameBytes a larger frame closes the connection ({@code gateway.max-frame-bytes})
 * @param maxUnacknowledgedFrames a client further behind is disconnected ({@code gateway.max-unacknowledged-frames})
 * @param ackTimeout a frame not acknowledged by then is sent again ({@code gateway.ack-timeout-millis})
 * @param redisUrl where recent history is ({@code redis.url})
 * @param clickHouse where all history is
 */
public record GatewayConfig(
        String bootstrapServers,
        Map<String, String> clientProperties,
        TopicLayout layout,
        String host,
        int httpPort,
        @Nullable Integer slot,
        TokenKeys tokenKeys,
        int maxFrameBytes,
        int maxUnacknowledgedFrames,
        Duration ackTimeout,
        String redisUrl,
        ClickHouse clickHouse) {

    /** What tokens are verified with. */
    public sealed interface TokenKeys {

        /** HS256 with a secret of at least 32 bytes ({@code gateway.jwt.secret}). */
        record Secret(String value) implements TokenKeys {
            @Override
            public String toString() {
                return "Secret[…]";
            }
        }

        /** The published keys of an identity provider ({@code gateway.jwt.jwks-url}). */
        record Jwks(URI url) implements TokenKeys {}
    }

    /** {@code clickhouse.url}, {@code clickhouse.user}, {@code clickhouse.password}. */
    public record ClickHouse(String url, String user, String password) {
        @Override
        public String toString() {
            return "ClickHouse[" + url + ", " + user + "]";
        }
    }

    private static final int MIN_SECRET_BYTES = 32;

    public static GatewayConfig from(Settings settings) {
        TopicLayout layout = TopicLayout.from(settings);
        int slot = settings.integer("gateway.slot", -1, -1, layout.gatewaySlots() - 1);
        return new GatewayConfig(
                settings.required("kafka.bootstrap-servers"),
                settings.under("kafka.client."),
                layout,
                settings.text("gateway.host", "0.0.0.0"),
                settings.integer("gateway.http-port", 8080, 0, 65_535),
                slot < 0 ? null : slot,
                tokenKeys(settings),
                settings.integer("gateway.max-frame-bytes", 2 * 1_048_576, 1_024, 64 * 1_048_576),
                settings.integer("gateway.max-unacknowledged-frames", 4_096, 1, 1_000_000),
                settings.millis("gateway.ack-timeout-millis", Duration.ofSeconds(10)),
                settings.required("redis.url"),
                new ClickHouse(
                        settings.required("clickhouse.url"),
                        settings.text("clickhouse.user", "default"),
                        settings.text("clickhouse.password", "")));
    }

    private static TokenKeys tokenKeys(Settings settings) {
        String secret = settings.find("gateway.jwt.secret");
        String jwksUrl = settings.find("gateway.jwt.jwks-url");
        if ((secret == null) == (jwksUrl == null)) {
            throw new SettingsException("exactly one of gateway.jwt.secret and gateway.jwt.jwks-url must be set");
        }
        if (secret == null) {
            return new TokenKeys.Jwks(uri(jwksUrl));
        }
        if (secret.getBytes(StandardCharsets.UTF_8).length < MIN_SECRET_BYTES) {
            throw new SettingsException("gateway.jwt.secret must have at least " + MIN_SECRET_BYTES + " bytes");
        }
        return new TokenKeys.Secret(secret);
    }

    private static URI uri(@Nullable String url) {
        try {
            URI uri = URI.create(url == null ? "" : url);
            if ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new SettingsException("gateway.jwt.jwks-url must be an http or https URL; it is \"" + url + '"');
    }
}
