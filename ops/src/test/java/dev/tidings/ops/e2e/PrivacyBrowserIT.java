package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.ops.e2e.ChatWindow.Size;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the chat page does about invitations and about messages that expire. Each test has people of its own. */
class PrivacyBrowserIT {

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    private static int profiles;

    private final List<ChatWindow> windows = new ArrayList<>();

    @AfterEach
    void closeWindows() {
        windows.forEach(ChatWindow::close);
    }

    @Test
    void an_invitation_is_accepted_and_until_then_nothing_of_the_group_shows() {
        onlyFriendsAndPartnersAdd("walter");
        ChatWindow walter = window().signIn("walter");
        ChatWindow zoe = window().signIn("zoe");

        String sailing = zoe.startGroup("Sailing", "walter").openConversationId();
        zoe.say("welcome");

        walter.until("invited", w -> w.listed().equals(List.of("Sailing: zoe invites you")));
        assertEquals(0, walter.unread(sailing));
        assertEquals("Tidings", walter.title());
        walter.click("conversation-" + sailing).until("asked", w -> w.isOnScreen("accept-invitation"));
        assertEquals(List.of(), walter.texts());
        assertFalse(walter.isOnScreen("composer"));

        walter.click("accept-invitation")
                .until("a member", w -> w.isOnScreen("composer") && w.texts().equals(List.of("welcome")));
        zoe.say("at eight");
        walter.until("what comes", w -> w.texts().equals(List.of("welcome", "at eight")));
    }

    @Test
    void a_message_that_expires_disappears_from_the_list_the_chat_and_the_badge() {
        String pair = "p:xavier:yolanda";
        ChatWindow yolanda = window().signIn("yolanda");
        try (ChatClient xavier = ChatClient.signedIn(tidings.url(), "xavier", "phone", Subprotocol.PROTO)) {
            xavier.request(ChatClient.text(pair, "m1", "for good"), ServerFrame::hasSequenced);
            ClientFrame.Builder brief = ChatClient.text(pair, "m2", "for now");
            brief.getSendBuilder()
                    .setExpiresAt(Timestamps.add(
                            Timestamps.fromMillis(System.currentTimeMillis()), Durations.fromSeconds(15)));
            xavier.request(brief, ServerFrame::hasSequenced);
        }
        yolanda.until("both", w -> w.unread(pair) == 2 && w.listed().equals(List.of("xavier: for now")));

        yolanda.until("one is gone", w -> w.unread(pair) == 1 && w.title().equals("(1) Tidings"));

        assertEquals(List.of("xavier: for good"), yolanda.listed());
        yolanda.openConversation(pair).until("one", w -> w.texts().equals(List.of("for good")));
    }

    private static void onlyFriendsAndPartnersAdd(String user) {
        try (ChatClient phone = ChatClient.signedIn(tidings.url(), user, "phone", Subprotocol.PROTO)) {
            phone.request(
                    ClientFrame.newBuilder()
                            .setProfile(ChangeProfile.newBuilder()
                                    .setGroupInvitations(ChangeProfile.GroupInvitations.FRIENDS_AND_PARTNERS)),
                    ServerFrame::hasApplied);
        }
    }

    private ChatWindow window() {
        ChatWindow window =
                ChatWindow.open(tidings.url(), tidings.directory().resolve("profile-" + profiles++), Size.DESKTOP);
        windows.add(window);
        return window;
    }
}
