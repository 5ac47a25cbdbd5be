package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.ops.e2e.ChatWindow.Menu;
import dev.tidings.ops.e2e.ChatWindow.Size;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Invitations and expiring messages in the chat page. Each test has users of its own. */
class PrivacyBrowserIT {

    /** A browser on a busy machine shows a message within it. The test waits until it is over. */
    private static final int LIFETIME_SECONDS = 25;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    private static int profiles;

    private final List<ChatWindow> windows = new ArrayList<>();

    @AfterEach
    void closeWindows() {
        windows.forEach(ChatWindow::close);
    }

    @Test
    void a_group_shows_nothing_until_its_invitation_is_accepted_and_disappears_if_it_is_declined() {
        ChatWindow walter = window().signIn("walter");
        walter.choose(Menu.ACCOUNT, "show-privacy")
                .click("invitations-FRIENDS_AND_PARTNERS")
                .click("privacy-save")
                .until("saved", w -> !w.isOnScreen("privacy-dialog"));
        ChatWindow zoe = window().signIn("zoe");

        String sailing = zoe.startGroup("Sailing", "walter").openConversationId();
        zoe.send("welcome");

        walter.until("invited", w -> w.conversationList().equals(List.of("Sailing: zoe invites you")));
        assertEquals(0, walter.unread(sailing));
        assertEquals("Tidings", walter.title());
        walter.click("conversation-" + sailing).until("asked", w -> w.isOnScreen("accept-invitation"));
        assertEquals(List.of(), walter.texts());
        assertFalse(walter.isOnScreen("composer"));

        walter.click("accept-invitation")
                .until("a member", w -> w.isOnScreen("composer") && w.texts().equals(List.of("welcome")));
        zoe.send("at eight");
        walter.until("what comes", w -> w.texts().equals(List.of("welcome", "at eight")));

        List<String> onlySailing = List.of("Sailing: zoe: at eight");
        String skiing = zoe.startGroup("Skiing", "walter").openConversationId();
        walter.until("invited again", w -> w.conversationList().contains("Skiing: zoe invites you"));
        walter.click("conversation-" + skiing).until("asked", w -> w.isOnScreen("decline-invitation"));
        walter.click("decline-invitation")
                .until("declined", w -> w.conversationList().equals(onlySailing) && !w.isOnScreen("chat-title"));
        walter.reload()
                .awaitConnected()
                .until("in no list", w -> w.conversationList().equals(onlySailing));
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
                            Timestamps.fromMillis(System.currentTimeMillis()),
                            Durations.fromSeconds(LIFETIME_SECONDS)));
            xavier.request(brief, ServerFrame::hasSequenced);
        }
        yolanda.until("both", w -> w.unread(pair) == 2 && w.conversationList().equals(List.of("xavier: for now")));

        yolanda.until("one is gone", w -> w.unread(pair) == 1 && w.title().equals("(1) Tidings"));

        assertEquals(List.of("xavier: for good"), yolanda.conversationList());
        yolanda.openConversation(pair).until("one", w -> w.texts().equals(List.of("for good")));
    }

    private ChatWindow window() {
        ChatWindow window =
                ChatWindow.open(tidings.url(), tidings.directory().resolve("profile-" + profiles++), Size.DESKTOP);
        windows.add(window);
        return window;
    }
}
