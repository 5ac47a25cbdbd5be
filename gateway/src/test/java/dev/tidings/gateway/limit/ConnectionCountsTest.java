package dev.tidings.gateway.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.v1.Error;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConnectionCountsTest {

    private static final InetAddress ADDRESS = address("192.0.2.1");

    private final MetricRegistry metrics = new MetricRegistry();
    private final ConnectionCounts counts = new ConnectionCounts(new ConnectionQuota(2, 3, 2), metrics);

    @Test
    void an_address_may_have_as_many_connections_as_the_quota_says_and_another_when_one_is_closed() {
        List<ConnectionCount> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ConnectionCount connection = counts.connection(ADDRESS);
            assertNull(connection.enter());
            connection.opened();
            open.add(connection);
        }

        Error exceeded = counts.connection(ADDRESS).enter();

        assertNotNull(exceeded);
        assertEquals(Error.Code.RATE_LIMITED, exceeded.getCode());
        assertEquals("too many connections of the address; at most 3 are allowed", exceeded.getMessage());
        assertTrue(exceeded.getRetryAfterMs() > 0);
        assertNull(counts.connection(address("192.0.2.2")).enter(), "another address has its own quota");
        open.getFirst().closed();
        assertNull(counts.connection(ADDRESS).enter());
        assertEquals(
                1, metrics.meter("tidings.gateway.connects.rejected-address").getCount());
    }

    @Test
    void different_users_are_counted_also_without_a_quota() {
        ConnectionCounts unlimited = new ConnectionCounts(ConnectionQuota.NONE, new MetricRegistry());
        ConnectionCount first = unlimited.connection(ADDRESS);
        ConnectionCount second = unlimited.connection(ADDRESS);
        ConnectionCount third = unlimited.connection(ADDRESS);
        assertNull(first.enter("alice"));
        assertNull(second.enter("alice"));
        assertNull(third.enter("bob"));

        assertEquals(2, unlimited.users());
        first.ended();
        assertEquals(2, unlimited.users());
        second.closed();
        third.closed();
        assertEquals(0, unlimited.users());
    }

    @Test
    void connections_without_a_session_have_a_quota_of_their_own() {
        ConnectionCount first = counts.connection(ADDRESS);
        ConnectionCount second = counts.connection(ADDRESS);
        assertNull(first.enter());
        assertNull(second.enter());
        assertNotNull(counts.connection(ADDRESS).enter());

        first.opened();

        assertNull(counts.connection(ADDRESS).enter());
    }

    @Test
    void a_user_may_have_another_session_when_one_ends() {
        ConnectionCount first = counts.connection(ADDRESS);
        assertNull(first.enter("anna"));
        assertNull(counts.connection(ADDRESS).enter("anna"));
        assertEquals(
                "too many connections of the user; at most 2 are allowed",
                message(counts.connection(ADDRESS).enter("anna")));
        assertNull(counts.connection(ADDRESS).enter("bert"));

        first.ended();

        assertNull(counts.connection(ADDRESS).enter("anna"));
    }

    @Test
    void what_was_rejected_or_released_twice_is_not_subtracted_from_others() {
        ConnectionCount kept = counts.connection(ADDRESS);
        kept.enter();
        kept.enter("anna");
        ConnectionCount closed = counts.connection(ADDRESS);
        closed.enter();
        closed.enter("anna");
        ConnectionCount rejected = counts.connection(ADDRESS);
        assertNotNull(rejected.enter());
        assertNotNull(rejected.enter("anna"));

        rejected.closed();
        closed.ended();
        closed.closed();
        closed.closed();

        assertEquals(3, counts.size(), "one user, one address, one handshake");
        kept.closed();
        assertEquals(0, counts.size(), "nothing is kept of those that are gone");
    }

    @Test
    void addresses_of_one_block_of_64_bits_share_a_quota() {
        for (int i = 1; i <= 2; i++) {
            assertNull(counts.connection(address("2001:db8::" + i)).enter());
        }

        assertNotNull(counts.connection(address("2001:db8::3")).enter());
        assertNull(counts.connection(address("2001:db8:0:1::1")).enter());
    }

    @Test
    void an_unknown_address_is_not_limited() {
        for (int i = 0; i < 10; i++) {
            assertNull(counts.connection(null).enter());
        }
    }

    @Test
    void settings_are_numbers_or_off() {
        assertEquals(
                new ConnectionQuota(5, ConnectionQuota.NO_LIMIT, 2_000),
                ConnectionQuota.from(Settings.of(
                        Map.of("gateway.limit.user.connections", "5", "gateway.limit.address.connections", "off"))));
        SettingsException invalid = assertThrows(
                SettingsException.class,
                () -> ConnectionQuota.from(Settings.of(Map.of("gateway.limit.address.handshakes", "0"))));
        assertTrue(message(invalid).startsWith("gateway.limit.address.handshakes must be off or"), invalid::toString);
    }

    private static String message(@Nullable Error error) {
        return error == null ? "" : error.getMessage();
    }

    private static String message(Exception exception) {
        return String.valueOf(exception.getMessage());
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }
}
