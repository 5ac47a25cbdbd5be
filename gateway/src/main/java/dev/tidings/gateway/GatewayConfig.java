package dev.tidings.gateway;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tidings.gateway.api.ProfileFields;
import dev.tidings.gateway.api.UnknownUsers;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.auth.TokenKeys;
import dev.tidings.gateway.auth.TokenPolicy;
import dev.tidings.gateway.limit.ConnectionQuota;
import dev.tidings.gateway.limit.RateLimits;
import dev.tidings.gateway.limit.SharedMessageLimit;
import dev.tidings.gateway.readmodel.ReadModelConfig;
import dev.tidings.gateway.rest.CrossOrigin;
import dev.tidings.gateway.session.ReconnectRate;
import dev.tidings.gateway.session.SessionConfig;
import dev.tidings.gateway.tls.TlsFiles;
import dev.tidings.gateway.token.TokenServiceConfig;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.schemas.tracing.Tracing;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.WatchPresence;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a gateway.
 *
 * @param bootstrapServers the Kafka cluster ({@code kafka.bootstrap-servers})
 * @param clientProperties further properties of every Kafka client ({@code kafka.client.*}), such as security
 * @param host the address to listen on ({@code gateway.host})
 * @param httpPort the port to listen on; 0: any free port ({@code gateway.http-port})
 * @param grpcPort the port of gRPC; 0: there is none ({@code gateway.grpc-port})
 * @param tls the files of the ports' certificate; null: no TLS
 * @param healthHost the address of the port for operators ({@code gateway.health-host})
 * @param healthPort the port of health and metrics; 0: they are on the port of clients ({@code gateway.health-port})
 * @param slot the gateway's slot, such as a StatefulSet's ordinal, or null to claim a free one ({@code gateway.slot})
 * @param tokenKeys the keys that tokens are verified with
 * @param tokenPolicy the claims that tokens must have
 * @param connectWindow after the issue of a token, in which it opens one session; zero: a token opens any number ({@code
 *     gateway.connect-window-seconds})
 * @param tokenService null: there is none ({@code gateway.token-*})
 * @param clientAddress how the address of a client is found ({@code gateway.trusted-proxies})
 * @param maxFrameBytes a larger frame ends the connection ({@code gateway.max-frame-bytes})
 * @param compressFromBytes smaller frames to clients are not compressed; 0: none is ({@code gateway.compress-from-bytes})
 * @param maxUnacknowledgedFrames a client further behind is disconnected ({@code gateway.max-unacknowledged-frames})
 * @param maxSessionBufferBytes of frames that one client has not taken or not acknowledged; a client further behind is
 *     disconnected ({@code gateway.max-session-buffered-kilobytes})
 * @param maxBufferBytes the same of all clients, and of frames half received; above it the sessions that hold most are ended
 *     ({@code gateway.max-buffered-megabytes}; 0: a quarter of the heap)
 * @param ackTimeout a frame not acknowledged by then is sent again ({@code gateway.ack-timeout-millis})
 * @param maxOpenings how many sessions may be opening at once; others are queued ({@code gateway.max-openings})
 * @param reconnectRate at which disconnected clients come back ({@code gateway.reconnects-per-second})
 * @param maxConnections above this no session opens ({@code gateway.max-connections}; 0: the open files allowed, less a reserve)
 * @param maxHeapPercent of the heap in use after a garbage collection; above it no session opens ({@code
 *     gateway.max-heap-percent})
 * @param connectionQuota how many connections a user or an address may have ({@code gateway.limit.*})
 * @param rateLimits of connections, users and addresses ({@code gateway.limit.*})
 * @param messagesPerMinute of a user, at all gateways together ({@code gateway.limit.user.messages-per-minute})
 * @param loginPolicy how many devices of a user may be connected at once ({@code gateway.login-policy})
 * @param presenceVisibility the users that see a user's presence ({@code gateway.presence-visibility})
 * @param profileFields the fields of their own profile that users may change ({@code gateway.profile-fields})
 * @param unknownUsers whether commands may address users that the directory does not have ({@code gateway.unknown-users})
 * @param pushChannels the channels that a push connector serves; devices cannot register for others ({@code gateway.push-channels})
 * @param crossOrigin the web origins that may use the REST API ({@code gateway.cors-origins})
 * @param advertisedAddress that clients connect to, host:port; empty: this machine's ({@code gateway.advertised-address})
 * @param readModels the addresses of Redis and ClickHouse
 */
public record GatewayConfig(
        String bootstrapServers,
        Map<String, String> clientProperties,
        TopicLayout layout,
        String host,
        int httpPort,
        int grpcPort,
        @Nullable TlsFiles tls,
        String healthHost,
        int healthPort,
        @Nullable Integer slot,
        TokenKeys tokenKeys,
        TokenPolicy tokenPolicy,
        Duration connectWindow,
        @Nullable TokenServiceConfig tokenService,
        ClientAddress clientAddress,
        int maxFrameBytes,
        int compressFromBytes,
        int maxUnacknowledgedFrames,
        long maxSessionBufferBytes,
        long maxBufferBytes,
        Duration ackTimeout,
        int maxOpenings,
        ReconnectRate reconnectRate,
        int maxConnections,
        int maxHeapPercent,
        ConnectionQuota connectionQuota,
        RateLimits rateLimits,
        int messagesPerMinute,
        LoginPolicy loginPolicy,
        WatchPresence.Visibility presenceVisibility,
        ProfileFields profileFields,
        UnknownUsers unknownUsers,
        Set<String> pushChannels,
        CrossOrigin crossOrigin,
        String advertisedAddress,
        ReadModelConfig readModels) {

    public static GatewayConfig from(Settings settings) {
        TopicLayout layout = TopicLayout.from(settings);
        int slot = settings.integer("gateway.slot", -1, -1, layout.gatewaySlots() - 1);
        return new GatewayConfig(
                settings.required("kafka.bootstrap-servers"),
                Tracing.clientProperties(settings, "tidings-gateway"),
                layout,
                host(settings),
                httpPort(settings),
                grpcPort(settings),
                TlsFiles.from(settings),
                settings.text("gateway.health-host", "0.0.0.0"),
                healthPort(settings),
                slot < 0 ? null : slot,
                TokenKeys.from(settings),
                TokenPolicy.from(settings),
                Duration.ofSeconds(settings.integer("gateway.connect-window-seconds", 0, 0, 86_400)),
                TokenServiceConfig.from(settings),
                ClientAddress.from(settings),
                settings.integer("gateway.max-frame-bytes", Limits.FRAME, 1_024, Limits.FRAME),
                settings.integer("gateway.compress-from-bytes", 1_024, 0, Limits.FRAME),
                settings.integer("gateway.max-unacknowledged-frames", 4_096, 1, 1_000_000),
                1_024L * settings.integer("gateway.max-session-buffered-kilobytes", 8_192, 1_024, 1_048_576),
                maxBufferBytes(settings.integer("gateway.max-buffered-megabytes", 0, 0, 1_048_576)),
                settings.millis("gateway.ack-timeout-millis", Duration.ofSeconds(10)),
                settings.integer("gateway.max-openings", 256, 1, 100_000),
                new ReconnectRate(settings.integer("gateway.reconnects-per-second", 1_000, 1, 1_000_000)),
                maxConnections(settings.integer("gateway.max-connections", 0, 0, 10_000_000)),
                settings.integer("gateway.max-heap-percent", 85, 10, 100),
                ConnectionQuota.from(settings),
                RateLimits.from(settings),
                SharedMessageLimit.perMinute(settings),
                loginPolicy(settings.text("gateway.login-policy", "all")),
                presenceVisibility(settings.text("gateway.presence-visibility", "partners")),
                ProfileFields.from(settings),
                UnknownUsers.from(settings),
                pushChannels(settings.text("gateway.push-channels", "webhook,log")),
                CrossOrigin.from(settings),
                AdvertisedAddress.from(settings),
                ReadModelConfig.from(settings));
    }

    /** The settings of the sessions of a gateway with this slot and epoch. */
    SessionConfig sessions(int ofSlot, long epoch) {
        return new SessionConfig(
                ofSlot,
                epoch,
                maxFrameBytes,
                maxUnacknowledgedFrames,
                maxSessionBufferBytes,
                ackTimeout,
                loginPolicy,
                presenceVisibility);
    }

    /** The address to listen on, for checks before the gateway starts. */
    public static String host(Settings settings) {
        return settings.text("gateway.host", "0.0.0.0");
    }

    /** The port to listen on; 0: any free one. */
    public static int httpPort(Settings settings) {
        return settings.integer("gateway.http-port", 8080, 0, 65_535);
    }

    /** The port of gRPC, for checks before the gateway starts; 0: there is none. */
    public static int grpcPort(Settings settings) {
        return settings.integer("gateway.grpc-port", 0, 0, 65_535);
    }

    /** The port of health and metrics, for checks before the gateway starts; 0: there is none. */
    public static int healthPort(Settings settings) {
        return settings.integer("gateway.health-port", 0, 0, 65_535);
    }

    private static WatchPresence.Visibility presenceVisibility(String name) {
        return switch (name) {
            case "everyone" -> WatchPresence.Visibility.EVERYONE;
            case "partners" -> WatchPresence.Visibility.PARTNERS;
            case "friends" -> WatchPresence.Visibility.FRIENDS;
            default ->
                throw new SettingsException(
                        "gateway.presence-visibility must be everyone, partners or friends; it is \"" + name + '"');
        };
    }

    /** By default a quarter of the heap: the rest is for requests, encoded frames and the garbage collector. */
    private static long maxBufferBytes(int megabytes) {
        return megabytes > 0 ? 1_048_576L * megabytes : Runtime.getRuntime().maxMemory() / 4;
    }

    /** By default every connection has a file, and a tenth of the files, at least 500, is left for Kafka, Redis and the program. */
    private static int maxConnections(int number) {
        if (number > 0) {
            return number;
        }
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? maxConnections(system.getMaxFileDescriptorCount())
                : Integer.MAX_VALUE;
    }

    static int maxConnections(long maxFiles) {
        return (int) Math.clamp(maxFiles - Math.max(500, maxFiles / 10), 100, Integer.MAX_VALUE);
    }

    private static Set<String> pushChannels(String names) {
        return Arrays.stream(names.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static LoginPolicy loginPolicy(String name) {
        return switch (name) {
            case "all" -> LoginPolicy.ALL_DEVICES;
            case "one-per-platform" -> LoginPolicy.ONE_PER_PLATFORM;
            case "one" -> LoginPolicy.ONE_DEVICE;
            default ->
                throw new SettingsException(
                        "gateway.login-policy must be all, one-per-platform or one; it is \"" + name + '"');
        };
    }
}
