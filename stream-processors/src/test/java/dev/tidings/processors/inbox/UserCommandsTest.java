package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MICROS;
import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.MICROS_PER_SECOND;
import static dev.tidings.processors.TestRecords.close;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.sent;
import static dev.tidings.processors.TestRecords.session;
import static dev.tidings.processors.TestRecords.sync;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Applied;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Device;
import dev.tidings.v1.DevicesRequest;
import dev.tidings.v1.FriendAccepted;
import dev.tidings.v1.FriendRemoved;
import dev.tidings.v1.FriendRequested;
import dev.tidings.v1.Friends;
import dev.tidings.v1.FriendsRequest;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RevokeDevice;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReplaced;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import dev.tidings.v1.ViewDelivery;
import dev.tidings.v1.WatchPresence;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** User commands in the topology: settings, devices, login policies, resumed sessions. */
class UserCommandsTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 3, (short) 1);
    private static final String PAIR = "p:alice:bob";
    private static final Session PHONE = session("bob-phone", "phone", 0, 1);
    private static final Session LAPTOP = session("bob-laptop", "laptop", 2, 1);
    private static final Origin FROM_PHONE = origin(0, "bob-phone", "f7");

    private final DrivenTopology inbox = DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY);

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @Test
    void friends_are_the_current_ones_ordered_by_id() {
        for (String peer : List.of("zoe", "alice", "carl", "dave")) {
            pipe(1, friends(peer, 1), "bob");
        }
        pipe(
                2,
                event("carl", 2)
                        .setFriendRemoved(FriendRemoved.newBuilder().setBy("carl"))
                        .build(),
                "bob");
        pipe(
                3,
                event("eve", 1)
                        .setFriendRequested(FriendRequested.newBuilder().setBy("eve"))
                        .build(),
                "bob");

        pipe(
                4,
                command()
                        .setFriendsRequest(FriendsRequest.newBuilder()
                                .setOrigin(FROM_PHONE)
                                .setMode(WatchPresence.Mode.START)));

        assertEquals(
                List.of(Friends.newBuilder()
                        .setMode(WatchPresence.Mode.START)
                        .addAllUserIds(List.of("alice", "dave", "zoe"))
                        .build()),
                answers().stream().map(UserAnswer::getFriends).toList());
    }

    private static ConversationEvent friends(String peer, long seq) {
        return event(peer, seq)
                .setFriendAccepted(FriendAccepted.newBuilder().setBy("bob"))
                .build();
    }

    private static ConversationEvent.Builder event(String peer, long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId(ConversationId.between(peer, "bob").toString())
                .setSeq(seq);
    }

    @Test
    void changed_settings_are_answered_and_shown_to_the_users_other_sessions() {
        pipe(1, open("bob", PHONE));
        pipe(2, open("bob", LAPTOP));
        inbox.readBytes();

        pipe(3, settings(PAIR).setPinned(true));

        List<Delivery> deliveries = inbox.readValues(Topics.DELIVERIES);
        assertEquals(2, deliveries.size());
        ViewDelivery view = deliveries.getFirst().getView();
        assertEquals(2, deliveries.getFirst().getGatewaySlot());
        assertEquals(List.of("bob-laptop"), view.getSessionIdsList());
        assertTrue(view.getView().getPinned());
        assertEquals(EPOCH_MICROS + 3 * MICROS_PER_SECOND, view.getView().getVersion());
        assertEquals(applied(PAIR, false), deliveries.getLast().getUserAnswer());
        assertEquals(
                List.of(view.getView()),
                inbox.readValues(Topics.USER_EVENTS).stream()
                        .map(UserEvent::getViewChanged)
                        .toList());
    }

    @Test
    void unchanged_settings_are_answered_as_unchanged_and_not_delivered() {
        pipe(1, open("bob", LAPTOP));
        pipe(2, settings(PAIR).setPinned(true));
        inbox.readBytes();
        var before = inbox.contents();

        pipe(3, settings(PAIR).setPinned(true));

        assertEquals(List.of(applied(PAIR, true)), answers());
        assertTrue(inbox.readValues(Topics.USER_EVENTS).isEmpty());
        assertEquals(before, inbox.contents());
    }

    @Test
    void a_sync_shows_changed_settings() {
        pipe(1, sent(PAIR, 1, "alice", "m1"), "bob");
        pipe(2, settings(PAIR).setMuted(true).setDraft("half a"));
        inbox.readBytes();

        SyncAnswer answer =
                syncOf(SyncMode.INCREMENTAL, EPOCH_MICROS + MICROS_PER_SECOND).getFirst();

        assertEquals(EPOCH_MICROS + MICROS_PER_SECOND, answer.getVersion());
        assertTrue(answer.getViews(0).getMuted());
        assertEquals("half a", answer.getViews(0).getDraft());
        assertEquals(1, answer.getViews(0).getUnread());
    }

    @Test
    void invalid_settings_are_refused_and_change_nothing() {
        pipe(1, settings("p:alice:zoe").setPinned(true));
        pipe(2, settings("g:strangers").setPinned(true));
        pipe(3, settings("b:unheard").setPinned(true));
        pipe(4, settings("r:room").setPinned(true));
        pipe(5, settings("nonsense").setPinned(true));
        pipe(6, settings(PAIR).setDraft("x".repeat(4_097)));

        assertEquals(
                List.of(
                        Refusal.Reason.NOT_A_MEMBER,
                        Refusal.Reason.NOT_A_MEMBER,
                        Refusal.Reason.CONVERSATION_NOT_FOUND,
                        Refusal.Reason.WRONG_KIND_OF_CONVERSATION,
                        Refusal.Reason.INVALID_CONVERSATION_ID,
                        Refusal.Reason.INVALID_ARGUMENT),
                answers().stream()
                        .map(answer -> answer.getRefusal().getReason())
                        .toList());
        inbox.contents().forEach((store, entries) -> assertEquals(List.of(), entries, store));
    }

    @Test
    void a_broadcast_can_be_muted_and_then_is_not_in_the_badge() {
        pipe(1, sent(PAIR, 1, "alice", "m1"), "bob");
        broadcast(2, sent("b:news", 1, "shop", "n1"));
        inbox.readBytes();
        assertEquals(2, syncOf(SyncMode.FAST, 0).getFirst().getBadge());

        pipe(3, settings("b:news").setMuted(true));
        inbox.readBytes();

        assertEquals(1, syncOf(SyncMode.FAST, 0).getFirst().getBadge());
    }

    @Test
    void the_badge_counts_unchanged_views_too() {
        pipe(1, sent(PAIR, 1, "alice", "m1"), "bob");
        pipe(2, sent("p:bob:zoe", 1, "zoe", "m1"), "bob");
        inbox.readBytes();

        SyncAnswer answer = syncOf(SyncMode.INCREMENTAL, EPOCH_MICROS + 2 * MICROS_PER_SECOND)
                .getFirst();

        assertEquals(0, answer.getViewsCount());
        assertEquals(2, answer.getBadge());
    }

    @Test
    void notification_settings_are_stored_and_answered() {
        ChangeProfile.Builder german = ChangeProfile.newBuilder()
                .setOrigin(FROM_PHONE)
                .setNotifications(NotificationSettings.newBuilder().setLanguage("de"));

        pipe(1, command().setChangeProfile(german));
        pipe(2, command().setChangeProfile(german));

        assertEquals(List.of(applied("", false), applied("", true)), answers());
    }

    @Test
    void invalid_quiet_hours_are_refused() {
        pipe(
                1,
                command()
                        .setChangeProfile(ChangeProfile.newBuilder()
                                .setOrigin(FROM_PHONE)
                                .setNotifications(
                                        NotificationSettings.newBuilder().setQuietUntilMinute(1440))));

        assertEquals(
                Refusal.Reason.INVALID_ARGUMENT,
                answers().getFirst().getRefusal().getReason());
    }

    @Test
    void devices_are_listed_with_connection_and_push() {
        pipe(1, open("bob", PHONE));
        pipe(2, open("bob", LAPTOP));
        pipe(3, push("laptop", "log", "t1"));
        pipe(4, close("bob", "bob-laptop"));
        inbox.readBytes();

        pipe(5, command().setDevicesRequest(DevicesRequest.newBuilder().setOrigin(FROM_PHONE)));

        List<Device> devices = answers().getFirst().getDevices().getDevicesList();
        assertEquals(
                List.of("laptop", "phone"),
                devices.stream().map(Device::getDeviceId).toList());
        assertEquals(
                List.of(false, true), devices.stream().map(Device::getOnline).toList());
        assertEquals(List.of(true, false), devices.stream().map(Device::getPush).toList());
    }

    @Test
    void push_is_registered_for_devices_that_are_known() {
        pipe(1, open("bob", PHONE));
        inbox.readBytes();

        pipe(2, push("phone", "log", "t1"));
        pipe(3, push("phone", "log", "t1"));
        pipe(4, push("tablet", "log", "t2"));
        pipe(5, push("phone", "log", ""));

        List<UserAnswer> answers = answers();
        assertEquals(List.of(applied("", false), applied("", true)), answers.subList(0, 2));
        assertEquals(
                Refusal.Reason.DEVICE_NOT_FOUND, answers.get(2).getRefusal().getReason());
        assertEquals(
                Refusal.Reason.INVALID_ARGUMENT, answers.get(3).getRefusal().getReason());
    }

    @Test
    void a_revoked_device_is_removed_and_its_session_ends_after_the_answer() {
        pipe(1, open("bob", PHONE));
        pipe(2, push("phone", "log", "t1"));
        inbox.readBytes();

        pipe(3, revoke("phone"));

        List<Delivery> deliveries = inbox.readValues(Topics.DELIVERIES);
        assertEquals(applied("", false), deliveries.getFirst().getUserAnswer());
        assertEquals(
                SessionReplaced.newBuilder()
                        .setSessionId("bob-phone")
                        .setReason(SessionReplaced.Reason.REVOKED)
                        .build(),
                deliveries.get(1).getSessionReplaced());
        assertEquals(
                List.of(UserEvent.BodyCase.SESSION_CLOSED, UserEvent.BodyCase.PRESENCE_CHANGED),
                inbox.readValues(Topics.USER_EVENTS).stream()
                        .map(UserEvent::getBodyCase)
                        .toList());
        pipe(4, command().setDevicesRequest(DevicesRequest.newBuilder().setOrigin(FROM_PHONE)));
        assertEquals(0, answers().getFirst().getDevices().getDevicesCount());
        pipe(5, sent(PAIR, 1, "alice", "m1"), "bob");
        assertTrue(inbox.readValues(Topics.DELIVERIES).isEmpty());
    }

    @Test
    void a_device_that_is_not_connected_is_revoked_as_well_and_only_once() {
        pipe(1, open("bob", PHONE));
        pipe(2, close("bob", "bob-phone"));
        inbox.readBytes();

        pipe(3, revoke("phone"));
        pipe(4, revoke("phone"));

        List<UserAnswer> answers = answers();
        assertEquals(applied("", false), answers.getFirst());
        assertEquals(
                Refusal.Reason.DEVICE_NOT_FOUND, answers.getLast().getRefusal().getReason());
    }

    @Test
    void the_login_policy_ends_excluded_sessions() {
        pipe(1, open("bob", PHONE));
        inbox.readBytes();

        pipe(
                2,
                command()
                        .setOpenSession(
                                OpenSession.newBuilder().setSession(LAPTOP).setLoginPolicy(LoginPolicy.ONE_DEVICE)));

        Delivery replaced = inbox.readValues(Topics.DELIVERIES).getFirst();
        assertEquals(0, replaced.getGatewaySlot());
        assertEquals(
                SessionReplaced.Reason.OTHER_DEVICE,
                replaced.getSessionReplaced().getReason());
        assertEquals(LAPTOP.getPlatform(), replaced.getSessionReplaced().getByPlatform());
    }

    @Test
    void a_resumed_session_gets_changes_under_the_requesting_frame() {
        pipe(1, sent(PAIR, 1, "alice", "m1"), "bob");
        pipe(2, sent("p:bob:zoe", 1, "zoe", "m1"), "bob");
        inbox.readBytes();

        pipe(3, resume(EPOCH_MICROS + MICROS_PER_SECOND));

        List<Delivery> deliveries = inbox.readValues(Topics.DELIVERIES);
        assertTrue(deliveries.getFirst().getSessionReady().getResumed());
        SyncAnswer page = deliveries.get(1).getSyncAnswer();
        assertEquals(origin(2, "bob-laptop", "f1"), page.getOrigin());
        assertEquals(EPOCH_MICROS + 2 * MICROS_PER_SECOND, page.getVersion());
        assertEquals(2, page.getBadge());
        assertTrue(page.getDone());
        assertEquals(
                List.of("p:bob:zoe"),
                page.getViewsList().stream()
                        .map(view -> view.getConversationId())
                        .toList());
        assertEquals(2, deliveries.size());
    }

    @Test
    void a_session_that_lacks_nothing_resumes_with_an_empty_page() {
        pipe(1, sent(PAIR, 1, "alice", "m1"), "bob");
        inbox.readBytes();

        pipe(2, resume(EPOCH_MICROS + MICROS_PER_SECOND));

        List<Delivery> deliveries = inbox.readValues(Topics.DELIVERIES);
        assertEquals(0, deliveries.get(1).getSyncAnswer().getViewsCount());
        assertTrue(deliveries.get(1).getSyncAnswer().getDone());
    }

    static LongStream versionsNeverIssued() {
        return LongStream.of(
                Long.MIN_VALUE,
                -1,
                1,
                EPOCH_MICROS + MICROS_PER_SECOND - 2,
                EPOCH_MICROS + MICROS_PER_SECOND + 1,
                Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(longs = 0)
    @MethodSource("versionsNeverIssued")
    void a_version_that_was_never_issued_is_not_resumed_from(long version) {
        pipe(1, sent(PAIR, 1, "alice", "m1"), "bob");
        inbox.readBytes();

        pipe(2, resume(version));

        List<Delivery> deliveries = inbox.readValues(Topics.DELIVERIES);
        assertEquals(1, deliveries.size());
        assertFalse(deliveries.getFirst().getSessionReady().getResumed());
    }

    @ParameterizedTest
    @MethodSource("versionsNeverIssued")
    void a_sync_from_a_version_that_was_never_issued_is_a_reset_and_a_full_sync(long version) {
        pipe(1, sent(PAIR, 1, "alice", "m1"), "bob");
        inbox.readBytes();

        List<SyncAnswer> pages = syncOf(SyncMode.INCREMENTAL, version);

        assertEquals(1, pages.size());
        assertTrue(pages.getFirst().getReset());
        assertTrue(pages.getFirst().getDone());
        assertEquals(1, pages.getFirst().getViewsCount());
        assertEquals(EPOCH_MICROS + MICROS_PER_SECOND, pages.getFirst().getVersion());
    }

    @Test
    void a_version_of_a_lost_state_counts_as_never_issued() {
        pipe(1, sent(PAIR, 1, "alice", "m1"), "bob");
        pipe(2, sent(PAIR, 2, "alice", "m2"), "bob");
        long given = syncOf(SyncMode.FULL, 0).getFirst().getVersion();

        try (DrivenTopology anew = DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY)) {
            for (int seq = 1; seq <= 10; seq++) {
                InboxRecord record = InboxRecord.newBuilder()
                        .setEvent(sent(PAIR, seq, "alice", "n" + seq))
                        .addRecipients("bob")
                        .build();
                anew.pipe(Topics.INBOX, 0, record, EPOCH_MILLIS + 60_000);
            }
            anew.pipe(
                    Topics.USER_COMMANDS,
                    "bob",
                    sync("bob", origin(2, "bob-laptop", "f1"), SyncMode.INCREMENTAL, given),
                    EPOCH_MILLIS + 60_000);

            assertTrue(anew.readValues(Topics.DELIVERIES)
                    .getFirst()
                    .getSyncAnswer()
                    .getReset());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SyncMode.class,
            names = {"FAST", "FULL"})
    void only_an_incremental_sync_is_reset(SyncMode mode) {
        pipe(1, sent(PAIR, 1, "alice", "m1"), "bob");

        assertFalse(syncOf(mode, Long.MAX_VALUE).getFirst().getReset());
        assertFalse(syncOf(SyncMode.INCREMENTAL, 0).getFirst().getReset());
    }

    @Test
    void commands_of_unknown_gateway_slots_go_to_the_dead_letters_and_change_nothing() {
        Origin nowhere = origin(3, "bob-phone", "f7");

        pipe(1, command().setChangeSettings(settings(PAIR).setOrigin(nowhere).setPinned(true)));
        pipe(2, command().setChangeProfile(ChangeProfile.newBuilder().setOrigin(nowhere)));
        pipe(3, command().setDevicesRequest(DevicesRequest.newBuilder().setOrigin(nowhere)));
        pipe(
                4,
                command()
                        .setRevokeDevice(
                                RevokeDevice.newBuilder().setOrigin(nowhere).setDeviceId("phone")));
        pipe(
                5,
                command()
                        .setRegisterPush(
                                RegisterPush.newBuilder().setOrigin(nowhere).setDeviceId("phone")));

        assertEquals(5, inbox.read(Topics.DEAD_LETTERS).size());
        inbox.contents().forEach((store, entries) -> assertEquals(List.of(), entries, store));
    }

    @Test
    void a_command_without_a_user_goes_to_the_dead_letters() {
        pipe(1, UserCommand.newBuilder().setDevicesRequest(DevicesRequest.getDefaultInstance()));

        assertEquals(1, inbox.read(Topics.DEAD_LETTERS).size());
    }

    private static ChangeSettings.Builder settings(String conversationId) {
        return ChangeSettings.newBuilder().setOrigin(FROM_PHONE).setConversationId(conversationId);
    }

    private static UserCommand.Builder push(String deviceId, String channel, String token) {
        return command()
                .setRegisterPush(RegisterPush.newBuilder()
                        .setOrigin(FROM_PHONE)
                        .setDeviceId(deviceId)
                        .setChannel(channel)
                        .setToken(token));
    }

    private static UserCommand.Builder revoke(String deviceId) {
        return command()
                .setRevokeDevice(RevokeDevice.newBuilder().setOrigin(FROM_PHONE).setDeviceId(deviceId));
    }

    private static UserCommand.Builder resume(long since) {
        return command()
                .setOpenSession(OpenSession.newBuilder()
                        .setSession(LAPTOP)
                        .setResumeSince(since)
                        .setFrameId("f1"));
    }

    private static UserCommand.Builder command() {
        return UserCommand.newBuilder().setUserId("bob");
    }

    private static UserAnswer applied(String conversationId, boolean unchanged) {
        return UserAnswer.newBuilder()
                .setOrigin(FROM_PHONE)
                .setApplied(
                        Applied.newBuilder().setConversationId(conversationId).setUnchanged(unchanged))
                .build();
    }

    private List<UserAnswer> answers() {
        return inbox.readValues(Topics.DELIVERIES).stream()
                .filter(Delivery::hasUserAnswer)
                .map(Delivery::getUserAnswer)
                .toList();
    }

    private List<SyncAnswer> syncOf(SyncMode mode, long since) {
        pipe(1000, sync("bob", FROM_PHONE, mode, since));
        return inbox.readValues(Topics.DELIVERIES).stream()
                .map(Delivery::getSyncAnswer)
                .toList();
    }

    private void pipe(long seconds, ChangeSettings.Builder settings) {
        pipe(seconds, command().setChangeSettings(settings));
    }

    private void pipe(long seconds, UserCommand.Builder command) {
        pipe(seconds, command.build());
    }

    private void pipe(long seconds, UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS + seconds * 1000);
    }

    private void pipe(long seconds, ConversationEvent event, String recipient) {
        InboxRecord record = InboxRecord.newBuilder()
                .setEvent(event)
                .addRecipients(recipient)
                .build();
        inbox.pipe(Topics.INBOX, 0, record, EPOCH_MILLIS + seconds * 1000);
    }

    private void broadcast(long seconds, ConversationEvent event) {
        InboxRecord record =
                InboxRecord.newBuilder().setEvent(event).setEveryone(true).build();
        inbox.pipe(Topics.INBOX, 0, record, EPOCH_MILLIS + seconds * 1000);
    }
}
