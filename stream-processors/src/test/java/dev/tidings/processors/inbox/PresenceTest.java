package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.close;
import static dev.tidings.processors.TestRecords.gone;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.session;
import static dev.tidings.processors.TestRecords.watch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.inbox.session.PresenceCommands;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Presence;
import dev.tidings.v1.PresenceDelivery;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReplaced;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import dev.tidings.v1.WatchPresence;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries of presence to watchers, and the end of sessions on lost gateways. */
class PresenceTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 4, (short) 1);
    private static final Session PHONE = session("bob-phone", "phone", 0, 5);
    private static final Session LAPTOP = session("bob-laptop", "laptop", 2, 1);
    private static final Origin ALICE = origin(1, "alice-web", "f1");
    private static final Presence AWAY = Presence.newBuilder().setUserId("bob").build();
    private static final Presence THERE = Presence.newBuilder()
            .setUserId("bob")
            .setOnline(true)
            .addPlatforms(Platform.WEB)
            .build();

    private final DrivenTopology inbox = DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY);

    /** A user without state cannot be watched. */
    @BeforeEach
    void bob_has_state() {
        UserRecord known = UserRecord.newBuilder().setKnown(true).build();
        inbox.restore("users", Map.of(Bytes.wrap("bob".getBytes(StandardCharsets.UTF_8)), known.toByteArray()));
    }

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @Test
    void a_single_request_is_answered_and_gets_no_changes() {
        pipe(1, watch("bob", ALICE, 1, WatchPresence.Mode.ONCE));

        assertEquals(List.of(answer(AWAY)), presences());
        pipe(2, open("bob", PHONE));
        assertEquals(List.of(), presences());
    }

    @Test
    void a_watcher_gets_an_answer_and_changes() {
        pipe(1, watch("bob", ALICE, 1, WatchPresence.Mode.START));
        assertEquals(List.of(answer(AWAY)), presences());

        pipe(2, open("bob", PHONE));
        assertEquals(List.of(change(THERE)), presences());

        pipe(3, close("bob", "bob-phone"));
        assertEquals(List.of(change(AWAY.toBuilder().setLastSeenAt(at(3)).build())), presences());
    }

    @Test
    void a_second_session_on_the_same_platform_sends_no_change() {
        pipe(1, open("bob", PHONE));
        pipe(2, watch("bob", ALICE, 1, WatchPresence.Mode.START));
        inbox.readBytes();

        pipe(3, open("bob", LAPTOP));
        pipe(4, close("bob", "bob-phone"));

        assertEquals(List.of(), presences());
    }

    @Test
    void the_end_of_a_watch_sends_nothing() {
        pipe(1, watch("bob", ALICE, 1, WatchPresence.Mode.START));
        inbox.readBytes();

        pipe(2, watch("bob", ALICE, 1, WatchPresence.Mode.STOP));
        pipe(3, open("bob", PHONE));

        assertEquals(List.of(), presences());
    }

    @Test
    void a_change_is_written_to_user_events() {
        pipe(1, open("bob", PHONE));

        UserEvent last = inbox.readValues(Topics.USER_EVENTS).getLast();
        assertEquals(THERE, last.getPresenceChanged());
    }

    @Test
    void at_most_1000_sessions_watch_one_user() {
        for (int i = 0; i < 1_000; i++) {
            pipe(1, watch("bob", origin(1, "s" + i, "f"), 1, WatchPresence.Mode.START));
        }
        inbox.readBytes();

        pipe(2, watch("bob", ALICE, 1, WatchPresence.Mode.START));

        Delivery answer = inbox.readValues(Topics.DELIVERIES).getFirst();
        assertEquals(
                Refusal.Reason.TOO_MANY, answer.getUserAnswer().getRefusal().getReason());
        assertEquals(ALICE, answer.getUserAnswer().getOrigin());
    }

    @Test
    void the_sessions_of_a_lost_gateway_end() {
        pipe(1, open("bob", PHONE));
        pipe(2, open("bob", LAPTOP));
        inbox.readBytes();

        pipe(3, gone(0, 5, 2));

        assertEquals(
                List.of(Delivery.newBuilder()
                        .setGatewaySlot(0)
                        .setSessionReplaced(SessionReplaced.newBuilder()
                                .setSessionId("bob-phone")
                                .setReason(SessionReplaced.Reason.GATEWAY_GONE))
                        .build()),
                inbox.readValues(Topics.DELIVERIES));
        UserEvent closed = inbox.readValues(Topics.USER_EVENTS).getFirst();
        assertEquals("bob", closed.getUserId());
        assertEquals("bob-phone", closed.getSessionClosed().getSession().getSessionId());
    }

    @Test
    void the_end_of_the_last_session_makes_the_user_offline() {
        pipe(1, watch("bob", ALICE, 1, WatchPresence.Mode.START));
        pipe(2, open("bob", PHONE));
        inbox.readBytes();

        pipe(9, gone(0, 5, 2));

        assertEquals(List.of(change(AWAY.toBuilder().setLastSeenAt(at(9)).build())), presences());
    }

    @Test
    void later_epochs_and_other_gateways_stay() {
        pipe(1, open("bob", PHONE));
        pipe(2, open("carol", session("carol-web", "web", 1, 5)));
        var before = inbox.contents();
        inbox.readBytes();

        pipe(3, gone(0, 4, 2));

        assertTrue(inbox.hasWrittenNothing());
        assertEquals(before, inbox.contents());
    }

    @Test
    void a_repeated_gateway_loss_changes_nothing() {
        pipe(1, open("bob", PHONE));
        pipe(2, gone(0, 5, 2));
        var before = inbox.contents();
        inbox.readBytes();

        pipe(3, gone(0, 5, 2));

        assertTrue(inbox.hasWrittenNothing());
        assertEquals(before, inbox.contents());
    }

    @Test
    void watchers_on_a_lost_gateway_get_nothing_more() {
        pipe(1, watch("bob", ALICE, 7, WatchPresence.Mode.START));
        inbox.readBytes();

        pipe(2, gone(1, 7, 1));
        pipe(3, open("bob", PHONE));

        assertEquals(List.of(), presences());
    }

    @Test
    void a_user_is_indexed_by_the_gateways_of_sessions_and_watchers() {
        pipe(1, open("bob", PHONE));
        pipe(2, watch("bob", origin(0, "alice-web", "f1"), 5, WatchPresence.Mode.START));
        assertEquals(1, ties().size());

        pipe(3, close("bob", "bob-phone"));
        assertEquals(1, ties().size());

        pipe(4, watch("bob", origin(0, "alice-web", "f2"), 5, WatchPresence.Mode.STOP));
        assertEquals(List.of(), ties());
    }

    @Test
    void an_empty_presence_record_is_deleted() {
        pipe(1, open("bob", PHONE));
        pipe(2, watch("bob", ALICE, 1, WatchPresence.Mode.START));
        assertEquals(1, Objects.requireNonNull(inbox.contents().get("presence")).size());

        pipe(3, watch("bob", ALICE, 1, WatchPresence.Mode.STOP));

        assertEquals(List.of(), inbox.contents().get("presence"));
    }

    @Test
    void all_users_of_a_lost_gateway_are_processed() {
        int users = 2 * PresenceCommands.MAX_USERS_AT_ONCE + 10;
        for (int i = 0; i < users; i++) {
            pipe(1, open("user" + i, session("session" + i, "phone", 0, 5)));
        }
        inbox.readBytes();

        pipe(2, gone(0, 5, 1));

        assertEquals(
                users,
                inbox.readValues(Topics.USER_EVENTS).stream()
                        .filter(UserEvent::hasSessionClosed)
                        .map(UserEvent::getUserId)
                        .distinct()
                        .count());
        assertEquals(List.of(), ties());
        List<UserCommand> again = inbox.readValues(Topics.USER_COMMANDS);
        assertEquals(2, again.size());
        assertTrue(again.get(0)
                        .getGatewayGone()
                        .getAfterId()
                        .compareTo(again.get(1).getGatewayGone().getAfterId())
                < 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4, Integer.MAX_VALUE})
    void an_unknown_gateway_slot_goes_to_the_dead_letters(int slot) {
        pipe(1, gone(slot, 1, 1));
        pipe(2, watch("bob", origin(slot, "alice-web", "f1"), 1, WatchPresence.Mode.START));

        assertEquals(2, inbox.read(Topics.DEAD_LETTERS).size());
        assertEquals(List.of(), ties());
    }

    @Test
    void invalid_requests_go_to_the_dead_letters() {
        pipe(1, open("bob", PHONE));
        inbox.readBytes();

        pipe(2, watch("bob", ALICE, 1, WatchPresence.Mode.MODE_UNSPECIFIED));
        pipe(3, watch("bob", origin(1, "", "f1"), 1, WatchPresence.Mode.START));
        pipe(4, gone(0, 5, 1).toBuilder().setUserId("bob").build());
        pipe(
                5,
                UserCommand.newBuilder()
                        .setGatewayGone(GatewayGone.newBuilder()
                                .setGatewaySlot(0)
                                .setGatewayEpoch(5)
                                .setLastBeatAt(Timestamp.newBuilder().setSeconds(Long.MIN_VALUE)))
                        .build());

        assertEquals(4, inbox.read(Topics.DEAD_LETTERS).size());
        assertEquals(List.of(), inbox.readValues(Topics.USER_EVENTS));
        assertEquals(1, ties().size());
    }

    private void pipe(long seconds, UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS + seconds * 1000);
    }

    private List<String> ties() {
        return Objects.requireNonNull(inbox.contents().get("gateway-users"));
    }

    private List<Delivery> presences() {
        return inbox.readValues(Topics.DELIVERIES).stream()
                .filter(Delivery::hasPresence)
                .toList();
    }

    private static Delivery answer(Presence presence) {
        return delivery(PresenceDelivery.newBuilder().setPresence(presence).setOrigin(ALICE));
    }

    private static Delivery change(Presence presence) {
        return delivery(PresenceDelivery.newBuilder().setPresence(presence).addSessionIds("alice-web"));
    }

    private static Delivery delivery(PresenceDelivery.Builder presence) {
        return Delivery.newBuilder().setGatewaySlot(1).setPresence(presence).build();
    }
}
