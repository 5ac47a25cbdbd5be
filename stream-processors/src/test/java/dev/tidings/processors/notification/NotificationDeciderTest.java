package dev.tidings.processors.notification;

import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.tidings.state.v1.DeviceRecord;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.NotableMessage;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.GroupView;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Notification;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.PushTarget;
import dev.tidings.v1.RelationView;
import dev.tidings.v1.SendFlags;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bob has no session. Alice's message to him is the fifth event in their conversation, at second 5. */
class NotificationDeciderTest {

    private static final Timestamp NOW = at(6);
    private static final NotableMessage NOTABLE =
            NotableMessage.newBuilder().setMessageId("m5").build();
    private static final ViewRecord VIEW = ViewRecord.newBuilder()
            .setLastSeq(5)
            .setReadSeq(4)
            .setLastMessage(MessagePreview.newBuilder()
                    .setSeq(5)
                    .setSender("alice")
                    .setSentAt(at(5))
                    .setText("hello"))
            .setNotable(NOTABLE)
            .build();
    private static final DevicesRecord DEVICES = DevicesRecord.newBuilder()
            .addDevices(DeviceRecord.newBuilder().setDeviceId("web"))
            .addDevices(DeviceRecord.newBuilder()
                    .setDeviceId("phone")
                    .setPushChannel("webhook")
                    .setPushToken("t1"))
            .build();

    private final NotificationDecider decider = new NotificationDecider(Templates.load());

    @Test
    void a_message_notifies_the_devices_with_a_push_channel() {
        assertEquals(
                Optional.of(Notification.newBuilder()
                        .setNotificationId("m5:bob")
                        .setUserId("bob")
                        .setConversationId("p:alice:bob")
                        .setSeq(5)
                        .setMessageId("m5")
                        .setSender("alice")
                        .addTargets(PushTarget.newBuilder()
                                .setDeviceId("phone")
                                .setChannel("webhook")
                                .setToken("t1"))
                        .setTitle("alice")
                        .setBody("hello")
                        .setLanguage("en")
                        .setBadge(12)
                        .setUnread(1)
                        .setCollapseKey("bob/p:alice:bob")
                        .setAt(at(5))
                        .build()),
                decide(VIEW, 1, DEVICES));
    }

    @Test
    void a_user_without_a_push_channel_is_not_notified() {
        assertEquals(Optional.empty(), decide(VIEW, 1, DevicesRecord.getDefaultInstance()));
        assertTrue(NotificationDecider.canBeNotified(DEVICES));
        assertFalse(NotificationDecider.canBeNotified(
                DEVICES.toBuilder().removeDevices(1).build()));
    }

    @Test
    void the_badge_is_not_counted_without_a_notification() {
        UnreadConversation unseen = new UnreadConversation("bob", "p:alice:bob", VIEW, 0);

        assertEquals(Optional.empty(), decider.decide(unseen, DEVICES, NOW, () -> {
            throw new AssertionError("the badge must not be counted");
        }));
    }

    @Test
    void the_users_own_messages_are_not_notable() {
        assertEquals(Optional.empty(), NotifiableMessages.of("alice", sent().build()));
    }

    @Test
    void a_message_with_no_push_is_not_notable_even_with_a_mention() {
        SendFlags noPush = SendFlags.newBuilder().setNoPush(true).build();

        assertEquals(
                Optional.empty(),
                NotifiableMessages.of("bob", sent().setFlags(noPush).build()));
        assertEquals(
                Optional.empty(),
                NotifiableMessages.of(
                        "bob",
                        sent().setFlags(noPush).setMentions(calling("bob")).build()));
    }

    @Test
    void a_message_that_does_not_count_is_notable_only_with_a_mention_by_name() {
        SendFlags noUnread = SendFlags.newBuilder().setNoUnread(true).build();
        Mentions all = Mentions.newBuilder().setAll(true).build();

        assertEquals(
                Optional.empty(),
                NotifiableMessages.of("bob", sent().setFlags(noUnread).build()));
        assertEquals(
                Optional.empty(),
                NotifiableMessages.of(
                        "bob", sent().setFlags(noUnread).setMentions(all).build()));
        NotableMessage called = NotifiableMessages.of(
                        "bob",
                        sent().setFlags(noUnread).setMentions(calling("bob")).build())
                .orElseThrow();
        assertTrue(decide(with(view -> view.setNotable(called)), 0, DEVICES).isPresent());
    }

    @Test
    void a_notable_message_records_its_mention() {
        Mentions all = Mentions.newBuilder().setAll(true).build();

        assertEquals(
                NOTABLE.toBuilder().setMentioned(true).setMentionedByName(true).build(),
                NotifiableMessages.of("bob", sent().setMentions(calling("bob")).build())
                        .orElseThrow());
        assertEquals(
                NOTABLE.toBuilder().setMentioned(true).build(),
                NotifiableMessages.of("bob", sent().setMentions(all).build()).orElseThrow());
        assertEquals(
                NOTABLE,
                NotifiableMessages.of(
                                "bob", sent().setMentions(calling("carol")).build())
                        .orElseThrow());
    }

    @Test
    void a_message_that_is_not_notable_is_not_notified_of() {
        assertEquals(Optional.empty(), decide(with(ViewRecord.Builder::clearNotable), 1, DEVICES));
    }

    @Test
    void a_muted_conversation_notifies_only_of_mentions_by_name() {
        ViewRecord muted = with(view -> view.setMuted(true));
        ViewRecord all =
                with(view -> view.setMuted(true).setNotable(NOTABLE.toBuilder().setMentioned(true)));
        ViewRecord name = with(view -> view.setMuted(true)
                .setNotable(NOTABLE.toBuilder().setMentioned(true).setMentionedByName(true)));

        assertEquals(Optional.empty(), decide(muted, 1, DEVICES));
        assertEquals(Optional.empty(), decide(all, 1, DEVICES));
        assertTrue(decide(name, 1, DEVICES).orElseThrow().getMentioned());
    }

    @Test
    void a_hidden_conversation_notifies() {
        assertTrue(decide(with(view -> view.setHidden(true)), 1, DEVICES).isPresent());
    }

    @Test
    void a_read_message_is_not_notified_of() {
        assertEquals(Optional.empty(), decide(with(view -> view.setReadSeq(5)), 0, DEVICES));
        assertEquals(Optional.empty(), decide(VIEW, 0, DEVICES));
    }

    @Test
    void a_message_is_notified_of_once() {
        ViewRecord notified =
                NotificationDecider.notified(VIEW, VIEW.getLastMessage().getSeq(), NOW);

        assertEquals(Optional.empty(), decide(notified, 1, DEVICES));
    }

    @Test
    void a_recalled_message_is_not_notified_of() {
        ViewRecord recalled = with(view -> view.getLastMessageBuilder().setRecalled(true));

        assertEquals(Optional.empty(), decide(recalled, 1, DEVICES));
    }

    @Test
    void an_expired_message_is_not_notified_of() {
        ViewRecord still = with(view -> view.getNotableBuilder().setExpiresAt(at(7)));
        ViewRecord past = with(view -> view.getNotableBuilder().setExpiresAt(NOW));

        assertEquals(at(7), decide(still, 1, DEVICES).orElseThrow().getExpiresAt());
        assertEquals(Optional.empty(), decide(past, 1, DEVICES));
    }

    @ParameterizedTest
    @CsvSource({
        // from, until, minute of the day, quiet
        "540, 1020, 539, false",
        "540, 1020, 540, true",
        "540, 1020, 1019, true",
        "540, 1020, 1020, false",
        "1320, 420, 1319, false",
        "1320, 420, 1320, true",
        "1320, 420, 1439, true",
        "1320, 420, 0, true",
        "1320, 420, 419, true",
        "1320, 420, 420, false",
        "0, 0, 0, false",
        "600, 600, 600, false",
    })
    void quiet_hours_suppress_notifications(int from, int until, long minute, boolean quiet) {
        DevicesRecord devices =
                wishing(wishes -> wishes.setQuietFromMinute(from).setQuietUntilMinute(until));
        Timestamp at = Timestamp.newBuilder()
                .setSeconds(TimeUnit.DAYS.toSeconds(20_000) + TimeUnit.MINUTES.toSeconds(minute) + 30)
                .build();

        assertEquals(quiet, decide(VIEW, 1, devices, at).isEmpty());
    }

    @Test
    void a_conversation_notifies_no_more_often_than_the_setting_allows() {
        DevicesRecord devices = wishing(wishes -> wishes.setAtMostEverySeconds(60));
        ViewRecord view = with(some -> some.setNotifiedSeq(4).setNotifiedAt(at(4)));

        assertTrue(decide(VIEW, 1, devices, at(5)).isPresent());
        assertEquals(Optional.empty(), decide(view, 1, devices, at(63)));
        assertTrue(decide(view, 1, devices, at(64)).isPresent());
        assertTrue(decide(view, 1, DEVICES, at(5)).isPresent());
    }

    @Test
    void a_message_older_than_the_last_notification_is_notified_of_without_a_limit() {
        ViewRecord view = with(some -> some.setNotifiedSeq(4).setNotifiedAt(at(6)));

        assertTrue(decide(view, 1, DEVICES, at(5)).isPresent());
    }

    @Test
    void two_or_more_messages_are_shown_as_a_count() {
        assertEquals("2 new messages", decide(VIEW, 2, DEVICES).orElseThrow().getBody());
    }

    @Test
    void hidden_content_is_not_shown() {
        DevicesRecord devices = wishing(wishes -> wishes.setHideContent(true));

        assertEquals("New message", decide(VIEW, 1, devices).orElseThrow().getBody());
        assertEquals("3 new messages", decide(VIEW, 3, devices).orElseThrow().getBody());
    }

    @Test
    void content_other_than_text_is_shown_by_its_kind() {
        DevicesRecord german = wishing(wishes -> wishes.setLanguage("de-AT"));
        ViewRecord image = with(view -> view.getLastMessageBuilder().setText("[image]"));

        assertEquals("[image]", decide(image, 1, DEVICES).orElseThrow().getBody());
        assertEquals("[Bild]", decide(image, 1, german).orElseThrow().getBody());
    }

    @Test
    void encrypted_content_is_shown_as_a_new_message() {
        ViewRecord encrypted = with(view -> view.getLastMessageBuilder().setText("[encrypted]"));

        assertEquals("New message", decide(encrypted, 1, DEVICES).orElseThrow().getBody());
    }

    @Test
    void the_title_is_the_groups_name_or_the_users_remark_for_the_sender() {
        ViewRecord group = with(view -> view.setGroup(
                GroupView.newBuilder().setProfile(GroupProfile.newBuilder().setName("Hikers"))));
        ViewRecord remark =
                with(view -> view.setRelation(RelationView.newBuilder().setRemark("Ali")));
        ViewRecord system = with(view -> view.getLastMessageBuilder().clearSender());

        assertEquals("Hikers", decide(group, 1, DEVICES).orElseThrow().getTitle());
        assertEquals("Ali", decide(remark, 1, DEVICES).orElseThrow().getTitle());
        assertEquals("System", decide(system, 1, DEVICES).orElseThrow().getTitle());
    }

    @ParameterizedTest
    @CsvSource({
        "'', en, 2 new messages",
        "en-GB, en, 2 new messages",
        "de, de, 2 neue Nachrichten",
        "de-CH-1996, de, 2 neue Nachrichten",
        "DE_at, de, 2 neue Nachrichten",
        "es, es, 2 mensajes nuevos",
        "fr-CA, fr, 2 nouveaux messages",
        "zh-Hans-CN, zh, 2 条新消息",
        "zh-TW, zh-Hant, 2 則新訊息",
        "zh-Hant-HK, zh-Hant, 2 則新訊息",
        "tlh, en, 2 new messages",
        "'-', en, 2 new messages",
    })
    void texts_are_in_the_closest_language(String wanted, String tag, String body) {
        DevicesRecord devices = wishing(wishes -> wishes.setLanguage(wanted));

        Notification notification = decide(VIEW, 2, devices).orElseThrow();

        assertEquals(tag, notification.getLanguage());
        assertEquals(body, notification.getBody());
    }

    @Test
    void an_invalid_time_is_rejected() {
        Timestamp never = Timestamp.newBuilder().setNanos(-1).build();
        ViewRecord view = with(some -> some.getNotableBuilder().setExpiresAt(at(7)));

        assertThrows(IllegalArgumentException.class, () -> decide(view, 1, DEVICES, never));
    }

    private Optional<Notification> decide(ViewRecord view, long unread, DevicesRecord devices) {
        return decide(view, unread, devices, NOW);
    }

    private Optional<Notification> decide(ViewRecord view, long unread, DevicesRecord devices, Timestamp at) {
        return decider.decide(new UnreadConversation("bob", "p:alice:bob", view, unread), devices, at, () -> 12);
    }

    private static ViewRecord with(Consumer<ViewRecord.Builder> change) {
        ViewRecord.Builder view = VIEW.toBuilder();
        change.accept(view);
        return view.build();
    }

    private static DevicesRecord wishing(Consumer<NotificationSettings.Builder> change) {
        NotificationSettings.Builder wishes = NotificationSettings.newBuilder();
        change.accept(wishes);
        return DEVICES.toBuilder().setNotifications(wishes).build();
    }

    private static MessageSent.Builder sent() {
        return MessageSent.newBuilder().setMessageId("m5").setSender("alice").setContent(text("hello"));
    }

    private static Mentions calling(String userId) {
        return Mentions.newBuilder().addUserIds(userId).build();
    }
}
