package dev.tidings.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.id.AddressBlock;
import dev.tidings.v1.Ban;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BanListTest {

    private final AtomicLong logMillis = new AtomicLong(1_000);
    private final BanList bans = new BanList(logMillis::get);

    @Test
    void users_devices_and_addresses_are_banned_separately() {
        bans.accept(Ban.newBuilder().setUserId("mallory").build());
        bans.accept(Ban.newBuilder().setDeviceId("web-1").build());
        bans.accept(Ban.newBuilder().setAddress("192.0.2.7/24").build());
        bans.accept(Ban.newBuilder().setAddress("2001:db8::/32").build());

        assertTrue(isBanned("mallory", "d", "::1"));
        assertTrue(isBanned("alice", "web-1", "::1"));
        assertTrue(isBanned("alice", "d", "192.0.2.255"));
        assertTrue(isBanned("alice", "d", "::ffff:192.0.2.1"));
        assertTrue(isBanned("alice", "d", "2001:db8:1::1"));
        assertFalse(isBanned("alice", "d", "192.0.3.1"));
        assertFalse(isBanned("alice", "d", "2001:db9::1"));
        assertFalse(isBanned("web-1", "mallory", "::1"));
        assertNull(bans.exclusionOf("alice", "d", null));
    }

    @Test
    void a_ban_ends_by_the_time_of_the_log() {
        bans.accept(Ban.newBuilder()
                .setUserId("mallory")
                .setUntil(Timestamps.fromMillis(2_000))
                .build());

        logMillis.set(1_999);
        assertTrue(isBanned("mallory", "d", "::1"));
        logMillis.set(2_000);
        assertFalse(isBanned("mallory", "d", "::1"));
    }

    @Test
    void a_ban_that_is_over_lifts_an_earlier_one() {
        bans.accept(Ban.newBuilder().setAddress("192.0.2.7/24").build());
        bans.accept(Ban.newBuilder()
                .setAddress("192.0.2.0/24")
                .setUntil(Timestamp.getDefaultInstance())
                .build());

        assertFalse(isBanned("mallory", "d", "192.0.2.7"));
    }

    private boolean isBanned(String userId, String deviceId, String address) {
        return bans.exclusionOf(userId, deviceId, AddressBlock.parseAddress(address)) == Exclusion.BANNED;
    }
}
