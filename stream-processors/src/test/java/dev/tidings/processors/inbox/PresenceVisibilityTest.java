package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.session;
import static dev.tidings.processors.TestRecords.watch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Presence;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import dev.tidings.v1.WatchPresence.Visibility;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Visibility of bob's presence and status to alice, who requests it. */
class PresenceVisibilityTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 3, (short) 1);
    private static final Origin ALICE = origin(1, "alice-web", "f1");
    private static final Presence HIDDEN =
            Presence.newBuilder().setUserId("bob").build();

    private final DrivenTopology inbox = DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY);
    private final EventSequence pair = new EventSequence("p:alice:bob");
    private long seconds;

    @BeforeEach
    void bob_is_online_with_a_status() {
        pipe(open("bob", session("bob-phone", "phone", 0, 1)));
        pipe(UserCommand.newBuilder()
                .setUserId("bob")
                .setChangeProfile(ChangeProfile.newBuilder().setStatus("climbing"))
                .build());
        inbox.readBytes();
    }

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Visibility.class,
            names = {"PARTNERS", "FRIENDS", "VISIBILITY_UNSPECIFIED"})
    void a_stranger_sees_the_presence_of_an_unknown_id_and_gets_no_change(Visibility visibility) {
        assertEquals(HIDDEN, asked("alice", visibility, WatchPresence.Mode.ONCE));
        assertEquals(HIDDEN, asked("alice", visibility, WatchPresence.Mode.START));

        statusChanges();

        assertEquals(List.of(), presences());
    }

    @Test
    void an_unanswered_message_leaves_its_sender_a_stranger() {
        pipe(pair.sent("alice"));

        assertEquals(HIDDEN, asked("alice", Visibility.PARTNERS, WatchPresence.Mode.START));
    }

    @Test
    void users_to_whom_a_user_has_written_see_their_presence_and_status() {
        pipe(pair.sent("bob"));

        Presence seen = asked("alice", Visibility.PARTNERS, WatchPresence.Mode.START);

        assertTrue(seen.getOnline());
        assertEquals("climbing", seen.getStatus());
        statusChanges();
        assertEquals(
                "sleeping", presences().getFirst().getPresence().getPresence().getStatus());
    }

    @Test
    void friends_see_a_users_presence_and_others_do_not_where_it_is_for_friends() {
        pipe(pair.sent("bob"));
        assertEquals(HIDDEN, asked("alice", Visibility.FRIENDS, WatchPresence.Mode.ONCE));

        pipe(pair.friendRequested("alice", "hello"));
        pipe(pair.friendAccepted("bob"));

        assertTrue(asked("alice", Visibility.FRIENDS, WatchPresence.Mode.ONCE).getOnline());
    }

    @Test
    void presence_for_everyone_is_visible_to_everyone() {
        assertTrue(asked("alice", Visibility.EVERYONE, WatchPresence.Mode.ONCE).getOnline());
    }

    @Test
    void users_see_their_own_presence() {
        assertTrue(asked("bob", Visibility.FRIENDS, WatchPresence.Mode.ONCE).getOnline());
    }

    @Test
    void a_blocked_user_sees_nothing_under_any_policy() {
        pipe(pair.sent("bob"));
        pipe(pair.friendRequested("alice", "hello"));
        pipe(pair.friendAccepted("bob"));
        pipe(pair.blocked("bob", true));

        for (Visibility visibility : List.of(Visibility.EVERYONE, Visibility.PARTNERS, Visibility.FRIENDS)) {
            assertEquals(HIDDEN, asked("alice", visibility, WatchPresence.Mode.START), visibility::name);
        }
    }

    @Test
    void a_block_ends_watching_and_looks_like_going_offline() {
        asked("alice", Visibility.EVERYONE, WatchPresence.Mode.START);
        asked("carol", Visibility.EVERYONE, origin(2, "carol-web", "f1"), WatchPresence.Mode.START);

        pipe(pair.blocked("bob", true));

        Delivery sequence = presences().getFirst();
        assertEquals(HIDDEN, sequence.getPresence().getPresence());
        assertEquals(1, sequence.getGatewaySlot());
        assertEquals(List.of("alice-web"), sequence.getPresence().getSessionIdsList());
        statusChanges();
        assertEquals(List.of("carol-web"), presences().getFirst().getPresence().getSessionIdsList());
    }

    @Test
    void the_end_of_a_friendship_ends_watching_where_presence_is_for_friends() {
        pipe(pair.friendRequested("alice", "hello"));
        pipe(pair.friendAccepted("bob"));
        asked("alice", Visibility.FRIENDS, WatchPresence.Mode.START);

        pipe(pair.friendRemoved("alice"));

        assertEquals(HIDDEN, presences().getFirst().getPresence().getPresence());
        statusChanges();
        assertEquals(List.of(), presences());
    }

    @Test
    void a_user_who_has_only_received_a_message_can_be_watched() {
        InboxRecord first = InboxRecord.newBuilder()
                .setEvent(new EventSequence("p:alice:zoe").sent("alice"))
                .addRecipients("zoe")
                .build();
        inbox.pipe(Topics.INBOX, 0, first, EPOCH_MILLIS + ++seconds * 1000);
        pipe(watch("alice", Visibility.EVERYONE, "zoe", ALICE, 1, WatchPresence.Mode.START));
        inbox.readBytes();

        pipe(open("zoe", session("zoe-phone", "phone", 0, 1)));

        assertTrue(presences().getFirst().getPresence().getPresence().getOnline());
    }

    @ParameterizedTest
    @EnumSource(
            value = WatchPresence.Mode.class,
            names = {"ONCE", "START", "STOP"})
    void an_unknown_id_leaves_no_record(WatchPresence.Mode mode) {
        var before = inbox.contents();

        pipe(watch("alice", Visibility.EVERYONE, "invented", ALICE, 1, mode));

        assertEquals(before, inbox.contents());
        assertFalse(Objects.requireNonNull(inbox.contents().get("users")).isEmpty());
    }

    @Test
    void an_operator_sees_the_presence_that_a_user_hides() {
        pipe(pair.blocked("bob", true));

        inbox.readBytes();
        pipe(watch("", Visibility.SYSTEM, "bob", ALICE, 1, WatchPresence.Mode.ONCE));

        assertTrue(presences().getFirst().getPresence().getPresence().getOnline());
    }

    @Test
    void a_watch_without_a_user_id_goes_to_the_dead_letters() {
        pipe(watch("", Visibility.EVERYONE, "bob", ALICE, 1, WatchPresence.Mode.START));

        assertEquals(1, inbox.read(Topics.DEAD_LETTERS).size());
    }

    private void statusChanges() {
        inbox.readBytes();
        pipe(UserCommand.newBuilder()
                .setUserId("bob")
                .setChangeProfile(ChangeProfile.newBuilder().setStatus("sleeping"))
                .build());
    }

    private Presence asked(String watcher, Visibility visibility, WatchPresence.Mode mode) {
        return asked(watcher, visibility, ALICE, mode);
    }

    private Presence asked(String watcher, Visibility visibility, Origin origin, WatchPresence.Mode mode) {
        inbox.readBytes();
        pipe(watch(watcher, visibility, "bob", origin, 1, mode));
        return presences().getFirst().getPresence().getPresence();
    }

    private List<Delivery> presences() {
        return inbox.readValues(Topics.DELIVERIES).stream()
                .filter(Delivery::hasPresence)
                .toList();
    }

    private void pipe(UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS + ++seconds * 1000);
    }

    private void pipe(ConversationEvent event) {
        InboxRecord record =
                InboxRecord.newBuilder().setEvent(event).addRecipients("bob").build();
        inbox.pipe(Topics.INBOX, 0, record, EPOCH_MILLIS + ++seconds * 1000);
    }
}
