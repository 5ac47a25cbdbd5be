package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.registerPush;
import static dev.tidings.processors.TestRecords.session;
import static dev.tidings.processors.TestRecords.sync;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeProfile.GroupInvitations;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.CloseSession;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Alice adds Bob to a group. She is a stranger to Bob unless a test says otherwise. Bob has a phone online. */
class InvitationsTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 3, (short) 1);
    private static final String GROUP = "g:climbers";
    private static final Origin PHONE = origin(0, "bob-phone", "f1");
    private static final GroupProfile PROFILE =
            GroupProfile.newBuilder().setName("climbers").build();

    private final DrivenTopology inbox = DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY);
    private final EventSequence group = new EventSequence(GROUP);
    private final EventSequence pair = new EventSequence("p:alice:bob");
    private long seconds;

    @BeforeEach
    void bob_is_online_and_only_friends_and_partners_add_him() {
        pipe(open("bob", session("bob-phone", "phone", 0, 1)));
        allow(GroupInvitations.FRIENDS_AND_PARTNERS);
    }

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @Test
    void a_user_added_by_a_stranger_gets_only_an_invitation() {
        pipe(added("alice"));

        Delivery delivery = inbox.readValues(Topics.DELIVERIES).getFirst();
        assertEquals(List.of("bob-phone"), delivery.getView().getSessionIdsList());
        ConversationView view = delivery.getView().getView();
        assertEquals("alice", view.getGroup().getInvitedBy());
        assertEquals("climbers", view.getGroup().getProfile().getName());

        pipe(group.sent("alice", "bob"));

        assertEquals(List.of(), inbox.readValues(Topics.DELIVERIES));
    }

    @Test
    void a_group_that_a_stranger_creates_invites_its_members() {
        pipe(group.created(PROFILE, "alice", "alice", "bob"));

        assertEquals("alice", synced(SyncMode.FULL).getViews(0).getGroup().getInvitedBy());
    }

    @Test
    void nothing_of_a_group_counts_or_shows_until_the_invitation_is_accepted() {
        pipe(added("alice"));
        pipe(group.sent("alice", "bob"));

        SyncAnswer answer = synced(SyncMode.FULL);

        ConversationView view = answer.getViews(0);
        assertEquals(0, answer.getBadge());
        assertEquals(0, view.getUnread());
        assertEquals(0, view.getUnreadMentions());
        assertFalse(view.hasLastMessage());
        assertEquals(0, access().getFromSeq());
    }

    @Test
    void an_invitation_and_messages_before_its_acceptance_do_not_notify() {
        pipe(registerPush("bob", PHONE, "phone", "t1"));
        pipe(UserCommand.newBuilder()
                .setUserId("bob")
                .setCloseSession(CloseSession.newBuilder().setSessionId("bob-phone"))
                .build());
        pipe(added("alice"));

        ConversationEvent message = group.sent("alice", "bob");
        pipe(message);
        pipe(group.edited(message, "better", "bob"));

        assertEquals(List.of(), inbox.readValues(Topics.NOTIFICATIONS));
    }

    @Test
    void accepting_makes_messages_since_the_invitation_unread_and_delivers_later_ones() {
        pipe(group.sent("alice"));
        ConversationEvent added = added("alice");
        pipe(added);
        pipe(group.sent("alice", "bob"));
        inbox.readBytes();

        pipe(accept());

        List<Delivery> deliveries = inbox.readValues(Topics.DELIVERIES);
        ConversationView view = deliveries.getFirst().getView().getView();
        assertEquals("", view.getGroup().getInvitedBy());
        assertEquals(1, view.getUnread());
        assertEquals(1, view.getUnreadMentions());
        assertTrue(view.hasLastMessage());
        assertTrue(deliveries.getLast().getUserAnswer().hasApplied());
        assertEquals(added.getSeq(), access().getFromSeq());

        pipe(group.sent("alice"));
        assertTrue(inbox.readValues(Topics.DELIVERIES).getFirst().hasEvent());
    }

    @Test
    void accepting_twice_changes_nothing() {
        pipe(added("alice"));
        pipe(accept());
        inbox.readBytes();

        pipe(accept());

        assertTrue(inbox.readValues(Topics.DELIVERIES)
                .getFirst()
                .getUserAnswer()
                .getApplied()
                .getUnchanged());
    }

    @Test
    void a_message_to_the_group_accepts_the_invitation() {
        pipe(added("alice"));

        pipe(group.sent("bob"));

        assertEquals("", synced(SyncMode.FULL).getViews(0).getGroup().getInvitedBy());
    }

    @Test
    void declining_hides_the_view_and_its_content() {
        pipe(added("alice"));
        pipe(group.sent("alice"));

        pipe(group.left("bob"));

        ConversationView view = synced(SyncMode.FULL).getViews(0);
        assertTrue(view.getHidden());
        assertFalse(view.hasLastMessage());
        assertEquals(0, view.getUnread());
        assertEquals("", view.getGroup().getInvitedBy());
        assertEquals(Role.ROLE_UNSPECIFIED, view.getGroup().getRole());
        assertEquals(0, access().getFromSeq());

        pipe(pair.sent("bob"));
        pipe(added("alice"));
        assertFalse(synced(SyncMode.FULL).getViewsList().stream().anyMatch(ConversationView::getHidden));
        assertTrue(access().getFromSeq() > 0);
    }

    @Test
    void a_user_who_has_declined_is_not_notified_of_the_group_when_their_gateway_is_gone() {
        pipe(registerPush("bob", PHONE, "phone", "t1"));
        pipe(added("alice"));
        pipe(group.sent("alice", "bob"));
        pipe(group.left("bob"));

        inbox.pipe(Topics.USER_COMMANDS, "", TestRecords.gone(0, 1, 0), EPOCH_MILLIS + ++seconds * 1000);

        assertEquals(List.of(), inbox.readValues(Topics.NOTIFICATIONS));
    }

    @Test
    void friends_and_those_to_whom_the_user_has_written_add_at_once() {
        pipe(pair.sent("bob"));

        pipe(added("alice"));

        assertTrue(inbox.readValues(Topics.DELIVERIES).getLast().hasEvent());
        assertTrue(access().getFromSeq() > 0);
    }

    @Test
    void a_user_who_lets_no_user_add_them_is_invited_by_friends_too() {
        allow(GroupInvitations.NOBODY);
        pipe(pair.sent("bob"));

        pipe(added("alice"));

        assertEquals(0, access().getFromSeq());
    }

    @Test
    void joining_and_being_added_by_the_operator_need_no_invitation() {
        pipe(added("bob"));
        assertTrue(access().getFromSeq() > 0);

        pipe(group.left("bob"));
        pipe(added(""));
        assertTrue(access().getFromSeq() > 0);
    }

    @Test
    void the_operators_policy_applies_to_users_without_a_setting() {
        allow(GroupInvitations.GROUP_INVITATIONS_UNSPECIFIED);
        pipe(added("alice"));
        assertTrue(access().getFromSeq() > 0);
        pipe(group.left("bob"));

        pipe(strangersNeedConsent(added("alice")));
        assertEquals(0, access().getFromSeq());
        pipe(group.left("bob"));

        allow(GroupInvitations.EVERYONE);
        pipe(strangersNeedConsent(added("alice")));
        assertTrue(access().getFromSeq() > 0);
    }

    @Test
    void a_user_added_by_a_blocked_user_leaves_at_once_and_sees_nothing() {
        allow(GroupInvitations.EVERYONE);
        pipe(pair.sent("bob"));
        pipe(pair.blocked("bob", true));
        int views = synced(SyncMode.FULL).getViewsCount();
        inbox.readBytes();

        pipe(added("alice"));

        TestRecord<String, Command> leave = inbox.read(Topics.COMMANDS).getFirst();
        assertEquals(GROUP, leave.key());
        assertEquals(GROUP, leave.value().getConversationId());
        assertEquals("bob", leave.value().getActor());
        assertTrue(leave.value().getGroup().hasLeave());
        assertFalse(leave.value().getCommandId().isEmpty());
        pipe(group.sent("alice", "bob"));
        pipe(group.left("bob"));
        assertEquals(List.of(), inbox.readValues(Topics.DELIVERIES));
        assertEquals(List.of(), inbox.readValues(Topics.USER_EVENTS));
        assertEquals(views, synced(SyncMode.FULL).getViewsCount());
        assertEquals(0, access().getFromSeq());

        pipe(accept());
        assertEquals(
                Refusal.Reason.NOT_A_MEMBER,
                inbox.readValues(Topics.DELIVERIES)
                        .getLast()
                        .getUserAnswer()
                        .getRefusal()
                        .getReason());

        pipe(added("carol"));
        assertEquals(views + 1, synced(SyncMode.FULL).getViewsCount());
    }

    @Test
    void an_event_of_a_declined_invitation_that_is_read_again_is_not_delivered() {
        ConversationEvent added = added("alice");
        ConversationEvent message = group.sent("alice", "bob");
        pipe(added);
        pipe(message);
        ConversationEvent left = group.left("bob");
        pipe(left);
        inbox.readBytes();

        pipe(added);
        pipe(message);

        assertEquals(List.of(), inbox.readValues(Topics.DELIVERIES));
        pipe(left);
        assertEquals(
                left, inbox.readValues(Topics.DELIVERIES).getFirst().getEvent().getEvent());
    }

    @Test
    void an_event_of_an_earlier_membership_that_is_read_again_is_delivered_again() {
        ConversationEvent joined = added("bob");
        pipe(joined);
        pipe(group.left("bob"));
        pipe(added("alice"));
        pipe(group.left("bob"));
        inbox.readBytes();

        pipe(joined);

        assertEquals(
                joined,
                inbox.readValues(Topics.DELIVERIES).getFirst().getEvent().getEvent());
    }

    @Test
    void declining_keeps_the_history_of_an_earlier_membership() {
        long first = memberOnce();

        pipe(added("alice"));
        pipe(group.sent("alice"));
        pipe(group.left("bob"));

        assertEquals(first, access().getFromSeq());
        assertEquals(first + 1, access().getToSeq());
        assertFalse(synced(SyncMode.FULL).getViews(0).getHidden());
    }

    @Test
    void being_added_by_a_blocked_user_keeps_the_history_of_an_earlier_membership() {
        long first = memberOnce();
        pipe(pair.blocked("bob", true));
        inbox.readBytes();

        pipe(added("alice"));
        pipe(group.left("bob"));

        assertEquals(List.of(), inbox.readValues(Topics.DELIVERIES));
        assertEquals(first, access().getFromSeq());
        assertEquals(first + 1, access().getToSeq());
        assertTrue(synced(SyncMode.FULL).getViewsList().stream()
                .anyMatch(view -> view.getConversationId().equals(GROUP)));
    }

    /** Adds Bob, who leaves with the next event. Returns the seq of joining. */
    private long memberOnce() {
        ConversationEvent joined = added("bob");
        pipe(joined);
        pipe(group.left("bob"));
        return joined.getSeq();
    }

    @Test
    void a_large_group_is_followed_once_the_invitation_is_accepted() {
        pipe(InboxRecord.newBuilder()
                .setEvent(added("alice"))
                .addRecipients("bob")
                .setLarge(true)
                .build());
        pipe(open("bob", session("bob-web", "web", 1, 1)));
        assertTrue(inbox.readValues(Topics.DELIVERIES).stream()
                .noneMatch(
                        delivery -> delivery.hasFollow() || delivery.getEvent().getFollow()));

        pipe(accept());

        assertEquals(
                List.of("bob-phone", "bob-web"),
                inbox.readValues(Topics.DELIVERIES).stream()
                        .filter(Delivery::hasFollow)
                        .map(delivery -> delivery.getFollow().getSessionId())
                        .toList());
    }

    private ConversationEvent added(String by) {
        ConversationEvent added = group.added(PROFILE, "bob");
        return added.toBuilder()
                .setMembersAdded(added.getMembersAdded().toBuilder().setBy(by).setCause(MembersAdded.Cause.ADDED))
                .build();
    }

    private static ConversationEvent strangersNeedConsent(ConversationEvent added) {
        ConversationEvent.Builder event = added.toBuilder();
        event.getMembersAddedBuilder().setStrangersNeedConsent(true);
        return event.build();
    }

    private void allow(GroupInvitations whom) {
        pipe(UserCommand.newBuilder()
                .setUserId("bob")
                .setChangeProfile(ChangeProfile.newBuilder().setOrigin(PHONE).setGroupInvitations(whom))
                .build());
        inbox.readBytes();
    }

    private static UserCommand accept() {
        return UserCommand.newBuilder()
                .setUserId("bob")
                .setChangeSettings(ChangeSettings.newBuilder()
                        .setOrigin(PHONE)
                        .setConversationId(GROUP)
                        .setAcceptInvitation(true))
                .build();
    }

    private AccessAnswer access() {
        pipe(UserCommand.newBuilder()
                .setUserId("bob")
                .setAccessRequest(AccessRequest.newBuilder().setOrigin(PHONE).setConversationId(GROUP))
                .build());
        return inbox.readValues(Topics.DELIVERIES).getLast().getAccessAnswer();
    }

    private SyncAnswer synced(SyncMode mode) {
        pipe(sync("bob", PHONE, mode, 0));
        return inbox.readValues(Topics.DELIVERIES).getLast().getSyncAnswer();
    }

    private void pipe(UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS + ++seconds * 1000);
    }

    private void pipe(ConversationEvent event) {
        pipe(InboxRecord.newBuilder().setEvent(event).addRecipients("bob").build());
    }

    private void pipe(InboxRecord record) {
        inbox.pipe(Topics.INBOX, 0, record, EPOCH_MILLIS + ++seconds * 1000);
    }
}
