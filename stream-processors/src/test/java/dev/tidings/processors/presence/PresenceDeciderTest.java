package dev.tidings.processors.presence;

import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.Watcher;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Presence;
import dev.tidings.v1.PresenceDelivery;
import dev.tidings.v1.Session;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PresenceDeciderTest {

    private static final PresenceRecord NOTHING = PresenceRecord.getDefaultInstance();
    private static final Session PHONE = session("phone", "phone", 1, 10).toBuilder()
            .setPlatform(Platform.IOS)
            .build();
    private static final Session TABLET = session("tablet", "tablet", 2, 20).toBuilder()
            .setPlatform(Platform.IOS)
            .build();
    private static final Session WEB = session("web", "web", 2, 20);

    @Test
    void a_user_with_sessions_is_online_on_each_platform_once() {
        Presence seen = PresenceDecider.seen("bob", user(PHONE, TABLET, WEB), NOTHING);

        assertTrue(seen.getOnline());
        assertEquals(List.of(Platform.WEB, Platform.IOS), seen.getPlatformsList());
    }

    @Test
    void a_user_without_sessions_was_last_seen_when_the_last_one_ended() {
        PresenceRecord record = PresenceDecider.afterSessions(NOTHING, user(PHONE), user(), at(7));

        assertEquals(
                Presence.newBuilder().setUserId("bob").setLastSeenAt(at(7)).build(),
                PresenceDecider.seen("bob", user(), record));
    }

    @Test
    void a_user_without_any_session_so_far_has_no_last_seen_time() {
        assertFalse(PresenceDecider.seen("bob", user(), NOTHING).hasLastSeenAt());
    }

    @Test
    void an_online_user_has_no_last_seen_time() {
        PresenceRecord record = PresenceDecider.afterSessions(NOTHING, user(PHONE), user(), at(7));

        assertFalse(PresenceDecider.seen("bob", user(WEB), record).hasLastSeenAt());
    }

    @Test
    void the_last_seen_time_stays_while_another_session_is_open() {
        assertSame(NOTHING, PresenceDecider.afterSessions(NOTHING, user(PHONE, WEB), user(WEB), at(7)));
        assertSame(NOTHING, PresenceDecider.afterSessions(NOTHING, user(), user(WEB), at(7)));
    }

    @Test
    void a_status_is_shown_whether_online_or_not() {
        PresenceRecord record = PresenceDecider.withStatus(NOTHING, "at lunch");

        assertEquals("at lunch", PresenceDecider.seen("bob", user(), record).getStatus());
        assertEquals("at lunch", PresenceDecider.seen("bob", user(WEB), record).getStatus());
    }

    @Test
    void watchers_get_one_delivery_for_each_gateway() {
        PresenceRecord record = watched(watcher("a", 2, 1), watcher("b", 0, 1), watcher("c", 2, 1));
        Presence presence = PresenceDecider.seen("bob", user(WEB), record);

        assertEquals(
                List.of(delivery(0, presence, "b"), delivery(2, presence, "a", "c")),
                PresenceDecider.toWatchers(record, presence));
    }

    @Test
    void a_session_that_watches_twice_gets_one_delivery() {
        assertEquals(1, watched(watcher("a", 2, 1), watcher("a", 2, 1)).getWatchersCount());
    }

    @Test
    void a_session_that_stopped_watching_gets_no_delivery() {
        PresenceRecord record = watched(watcher("a", 2, 1), watcher("b", 0, 1));

        assertEquals(watched(watcher("b", 0, 1)), PresenceDecider.unwatchedBy(record, "a"));
        assertSame(record, PresenceDecider.unwatchedBy(record, "stranger"));
    }

    @Test
    void the_loss_of_a_gateway_removes_its_watchers() {
        PresenceRecord record = watched(watcher("a", 2, 5), watcher("b", 0, 1));

        assertEquals(watched(watcher("b", 0, 1)), PresenceDecider.withoutGateway(record, 2, 5));
        assertSame(record, PresenceDecider.withoutGateway(record, 2, 4));
        assertSame(record, PresenceDecider.withoutGateway(record, 1, 9));
    }

    @Test
    void a_watcher_of_a_later_epoch_removes_those_of_earlier_ones() {
        PresenceRecord record = watched(watcher("a", 2, 5), watcher("b", 0, 1), watcher("c", 2, 6));

        assertEquals(watched(watcher("b", 0, 1), watcher("c", 2, 6)), record);
    }

    @Test
    void at_most_1000_sessions_watch_a_user() {
        Watcher[] thousand =
                IntStream.range(0, 1_000).mapToObj(i -> watcher("s" + i, 1, 1)).toArray(Watcher[]::new);
        PresenceRecord full = watched(thousand);

        assertFalse(PresenceDecider.hasRoomFor(full, watcher("one more", 1, 1)));
        assertTrue(PresenceDecider.hasRoomFor(full, watcher("s7", 1, 1)));
        assertTrue(PresenceDecider.hasRoomFor(PresenceDecider.unwatchedBy(full, "s7"), watcher("one more", 1, 1)));
    }

    @Test
    void a_user_is_tied_to_the_gateways_of_sessions_and_watchers_by_their_earliest_epoch() {
        PresenceRecord record = watched(watcher("a", 2, 19), watcher("b", 5, 50));

        assertEquals(Map.of(1, 10L, 2, 19L, 5, 50L), GatewayTies.of(user(PHONE, WEB), record));
        assertEquals(Map.of(), GatewayTies.of(user(), NOTHING));
    }

    private static UserRecord user(Session... sessions) {
        return UserRecord.newBuilder().addAllSessions(List.of(sessions)).build();
    }

    private static Watcher watcher(String sessionId, int slot, long epoch) {
        return Watcher.newBuilder()
                .setSessionId(sessionId)
                .setGatewaySlot(slot)
                .setGatewayEpoch(epoch)
                .build();
    }

    private static PresenceRecord watched(Watcher... watchers) {
        PresenceRecord record = NOTHING;
        for (Watcher watcher : watchers) {
            record = PresenceDecider.watchedBy(record, watcher);
        }
        return record;
    }

    private static Delivery delivery(int slot, Presence presence, String... sessions) {
        return Delivery.newBuilder()
                .setGatewaySlot(slot)
                .setPresence(PresenceDelivery.newBuilder().setPresence(presence).addAllSessionIds(List.of(sessions)))
                .build();
    }
}
