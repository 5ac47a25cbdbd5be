package dev.tidings.gateway.limit;

import dev.tidings.schemas.settings.Settings;
import java.util.EnumMap;
import java.util.Map;

/**
 * The rate limits of a gateway ({@code gateway.limit.*}). Work without a limit is not limited.
 *
 * @param perConnection for each connection
 * @param perUser for all connections and requests of a user at this gateway
 * @param perAddress for all connections and requests from an IPv4 address or an IPv6 block of 64 bits
 */
public record RateLimits(
        Map<LimitedWork, RateLimit> perConnection,
        Map<LimitedWork, RateLimit> perUser,
        Map<LimitedWork, RateLimit> perAddress) {

    public static final RateLimits NONE = new RateLimits(Map.of(), Map.of(), Map.of());

    public RateLimits {
        perConnection = Map.copyOf(perConnection);
        perUser = Map.copyOf(perUser);
        perAddress = Map.copyOf(perAddress);
    }

    /** The settings, or their defaults: several times what an active user needs. */
    public static RateLimits from(Settings settings) {
        Map<LimitedWork, RateLimit> connection = new EnumMap<>(LimitedWork.class);
        put(
                connection,
                LimitedWork.FRAMES,
                "gateway.limit.connection.frames",
                settings.text("gateway.limit.connection.frames", "2000/20000"));
        put(
                connection,
                LimitedWork.BYTES,
                "gateway.limit.connection.bytes",
                settings.text("gateway.limit.connection.bytes", "4194304/67108864"));
        Map<LimitedWork, RateLimit> user = new EnumMap<>(LimitedWork.class);
        put(
                user,
                LimitedWork.FRAMES,
                "gateway.limit.user.frames",
                settings.text("gateway.limit.user.frames", "4000/40000"));
        put(
                user,
                LimitedWork.BYTES,
                "gateway.limit.user.bytes",
                settings.text("gateway.limit.user.bytes", "8388608/134217728"));
        put(
                user,
                LimitedWork.MESSAGES,
                "gateway.limit.user.messages",
                settings.text("gateway.limit.user.messages", "100/2000"));
        put(
                user,
                LimitedWork.GROUP_CREATIONS,
                "gateway.limit.user.group-creations",
                settings.text("gateway.limit.user.group-creations", "1/200"));
        put(
                user,
                LimitedWork.MEMBERS_ADDED,
                "gateway.limit.user.members-added",
                settings.text("gateway.limit.user.members-added", "500/20000"));
        put(
                user,
                LimitedWork.FRIEND_REQUESTS,
                "gateway.limit.user.friend-requests",
                settings.text("gateway.limit.user.friend-requests", "1/200"));
        put(
                user,
                LimitedWork.PRESENCE_WATCHES,
                "gateway.limit.user.presence-watches",
                settings.text("gateway.limit.user.presence-watches", "200/5000"));
        put(user, LimitedWork.READS, "gateway.limit.user.reads", settings.text("gateway.limit.user.reads", "100/2000"));
        Map<LimitedWork, RateLimit> address = new EnumMap<>(LimitedWork.class);
        put(
                address,
                LimitedWork.FRAMES,
                "gateway.limit.address.frames",
                settings.text("gateway.limit.address.frames", "10000/100000"));
        put(
                address,
                LimitedWork.BYTES,
                "gateway.limit.address.bytes",
                settings.text("gateway.limit.address.bytes", "67108864/536870912"));
        put(
                address,
                LimitedWork.MESSAGES,
                "gateway.limit.address.messages",
                settings.text("gateway.limit.address.messages", "1000/20000"));
        put(
                address,
                LimitedWork.CONNECTS,
                "gateway.limit.address.connects",
                settings.text("gateway.limit.address.connects", "100/5000"));
        put(
                address,
                LimitedWork.CREDENTIAL_CHECKS,
                "gateway.limit.address.credential-checks",
                settings.text("gateway.limit.address.credential-checks", "0.2/20"));
        return new RateLimits(connection, user, address);
    }

    private static void put(Map<LimitedWork, RateLimit> limits, LimitedWork work, String key, String value) {
        RateLimit limit = RateLimit.parse(key, value);
        if (!limit.isOff()) {
            limits.put(work, limit);
        }
    }
}
