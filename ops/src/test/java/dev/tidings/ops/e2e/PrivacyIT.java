package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.Gateway;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.BlockUser;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.Error;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.Pull;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.WatchPresence;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users hide their presence from each other and control which users add them to groups. */
class PrivacyIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String alice = "alice-" + suffix;
    private final String bob = "bob-" + suffix;
    private final String pair = ConversationId.between(alice, bob).toString();
    private final String group = "g:climbers-" + suffix;

    @Test
    void presence_is_visible_to_friends_and_to_users_they_have_written_to() {
        try (Gateway discreet = tidings.startGateway(Map.of("gateway.presence-visibility", "partners"));
                ChatClient watcher =
                        ChatClient.signedIn(TidingsExtension.urlOf(discreet), alice, "laptop", Subprotocol.PROTO);
                ChatClient phone = signedIn(bob)) {
            send(watcher, "m1");
            phone.awaitFrame(event(ConversationEvent::hasMessageSent));
            assertFalse(isOnline(watcher, bob));

            send(phone, "m2");
            watcher.awaitFrame(event(ConversationEvent::hasMessageSent));

            assertTrue(isOnline(watcher, bob));
        }
    }

    @Test
    void a_user_added_by_a_stranger_sees_nothing_of_the_group_until_they_accept() {
        try (ChatClient owner = signedIn(alice);
                ChatClient phone = signedIn(bob)) {
            phone.request(
                    ClientFrame.newBuilder()
                            .setProfile(ChangeProfile.newBuilder()
                                    .setGroupInvitations(ChangeProfile.GroupInvitations.FRIENDS_AND_PARTNERS)),
                    ServerFrame::hasApplied);
            found(owner);
            ConversationView invitation = phone.awaitFrame(ServerFrame::hasView).getView();
            assertEquals(alice, invitation.getGroup().getInvitedBy());
            owner.request(ChatClient.text(group, "m1", "come"), ServerFrame::hasSequenced);
            assertEquals(
                    Error.Code.FORBIDDEN,
                    phone.request(pull(), frame -> frame.hasError() || frame.hasEvents())
                            .getError()
                            .getCode());

            phone.request(
                    ClientFrame.newBuilder()
                            .setSettings(ChangeSettings.newBuilder()
                                    .setConversationId(group)
                                    .setAcceptInvitation(true)),
                    ServerFrame::hasApplied);

            phone.awaitFrame(frame ->
                    frame.hasView() && frame.getView().getGroup().getInvitedBy().isEmpty());
            owner.request(ChatClient.text(group, "m2", "welcome"), ServerFrame::hasSequenced);
            phone.awaitFrame(
                    event(event -> event.getMessageSent().getClientMsgId().equals("m2")));
            assertFalse(phone.received().stream()
                    .anyMatch(event(
                            event -> event.getMessageSent().getClientMsgId().equals("m1"))));
        }
    }

    @Test
    void a_user_added_by_a_blocked_user_leaves_at_once_and_is_not_notified() {
        try (ChatClient owner = signedIn(alice);
                ChatClient phone = signedIn(bob)) {
            phone.request(
                    ClientFrame.newBuilder()
                            .setFriend(FriendCommand.newBuilder()
                                    .setConversationId(pair)
                                    .setBlock(BlockUser.getDefaultInstance())),
                    ServerFrame::hasApplied);
            // the block takes effect once bob's inbox has it
            try (ChatClient laptop = ChatClient.signedIn(tidings.url(), bob, "laptop", Subprotocol.PROTO)) {
                await().atMost(TIMEOUT)
                        .until(() ->
                                laptop.request(sync(), ServerFrame::hasSyncPage).getSyncPage().getViewsList().stream()
                                        .anyMatch(view -> view.getRelation().getBlocked()));
            }

            found(owner);

            owner.awaitFrame(event(event -> event.getMemberLeft().getUserId().equals(bob)));
            assertTrue(phone.request(sync(), ServerFrame::hasSyncPage).getSyncPage().getViewsList().stream()
                    .noneMatch(view -> view.getConversationId().equals(group)));
            assertTrue(phone.received().stream()
                    .noneMatch(frame -> frame.getEvents().getConversationId().equals(group)));
        }
    }

    private static boolean isOnline(ChatClient watcher, String user) {
        ClientFrame.Builder query = ClientFrame.newBuilder()
                .setPresence(PresenceQuery.newBuilder().addUserIds(user).setMode(WatchPresence.Mode.ONCE));
        return watcher.request(query, ServerFrame::hasPresence).getPresence().getOnline();
    }

    private void found(ChatClient owner) {
        owner.request(
                ClientFrame.newBuilder()
                        .setGroup(GroupCommand.newBuilder()
                                .setConversationId(group)
                                .setCreate(CreateGroup.newBuilder()
                                        .setProfile(GroupProfile.newBuilder().setName("climbers"))
                                        .addMembers(bob))),
                ServerFrame::hasSequenced);
    }

    private ClientFrame.Builder pull() {
        return ClientFrame.newBuilder()
                .setPull(Pull.newBuilder().setConversationId(group).setFromSeq(1));
    }

    private static ClientFrame.Builder sync() {
        return ClientFrame.newBuilder().setSync(Sync.newBuilder().setMode(SyncMode.FULL));
    }

    private static Predicate<ServerFrame> event(Predicate<ConversationEvent> fits) {
        return frame -> frame.getEvents().getEventsList().stream().anyMatch(fits);
    }

    private void send(ChatClient client, String name) {
        client.request(ChatClient.text(pair, name, "says " + name), ServerFrame::hasSequenced);
    }

    private static ChatClient signedIn(String user) {
        return ChatClient.signedIn(tidings.url(), user, "phone", Subprotocol.PROTO);
    }
}
