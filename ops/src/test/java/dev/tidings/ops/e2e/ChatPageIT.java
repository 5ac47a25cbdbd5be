package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.ops.e2e.ChatWindow.Menu;
import dev.tidings.ops.e2e.ChatWindow.Size;
import dev.tidings.v1.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pins, languages and accessibility of the chat page. Each test has users of its own. */
class ChatPageIT {

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    private static int profiles;

    private final List<ChatWindow> windows = new ArrayList<>();

    @AfterEach
    void closeWindows() {
        windows.forEach(ChatWindow::close);
    }

    @Test
    void admins_pin_messages_for_all_members_and_an_unknown_group_is_a_problem() {
        ChatWindow pia = window(Size.DESKTOP).signIn("pia");
        ChatWindow quirin = window(Size.PHONE).signIn("quirin");
        String group = pia.startGroup("House rules", "quirin").openConversationId();
        pia.send("be kind").choose("be kind", "pin");

        quirin.openConversation(group)
                .until("pinned", w -> w.textOf("pins-go").contains("be kind"))
                .click("pins-all");
        assertEquals(0, quirin.count("[data-testid^='unpin-']"), "only admins unpin");
        quirin.click("pin-2").until("jumped to it", w -> !w.isOnScreen("pins-dialog"));
        assertEquals(0, quirin.overflowPixels());

        pia.click("pins-all").click("unpin-2").escape();
        quirin.until("unpinned", w -> !w.isOnScreen("pins"));

        pia.click("new-chat")
                .fill("new-chat-user", "g:no-such-group")
                .click("new-chat-start")
                .until("a problem", w -> w.textOf("new-chat-problem").contains("There is no group g:no-such-group"));
        assertEquals(1, pia.count(".conversation"));
    }

    @Test
    void the_page_uses_the_name_and_the_language_of_the_user() {
        ChatWindow noor = window(Size.PHONE).signIn("noor").setName("Noor Ünal");
        noor.until("the own name", w -> w.textOf("me").equals("Noor Ünal"));

        for (Map.Entry<String, String> connected :
                Map.of("de", "Verbunden", "zh", "已连接", "en", "Connected").entrySet()) {
            noor.useLanguage(connected.getKey());
            assertEquals(connected.getValue(), noor.textOf("connection-state"));
            assertEquals(0, noor.overflowPixels());
        }
    }

    @Test
    void no_part_of_the_page_has_a_serious_accessibility_problem_light_or_dark() throws Exception {
        AxeCore axe = AxeCore.installed();
        ChatWindow beth = window(Size.DESKTOP);
        assertAccessible(axe, beth, "sign-in");
        beth.signIn("beth");
        try (ChatClient abel = ChatClient.signedIn(tidings.url(), "abel", "mobile", Subprotocol.PROTO)) {
            abel.request(ChatClient.text("p:abel:beth", "m1", "see https://example.org"), ServerFrame::hasSequenced);
        }
        beth.until("unread", w -> w.unread("p:abel:beth") == 1);
        beth.startGroup("Coffee", "abel");
        assertAccessible(axe, beth, "an empty group, and the list");

        beth.send("who is thirsty?").choose("who is thirsty?", "react-👍").choose("who is thirsty?", "pin");
        beth.send("me").choose("me", "recall").until("asked", w -> w.isOnScreen("confirm-dialog"));
        assertAccessible(axe, beth, "the confirmation");
        beth.click("confirm-ok").search("thirsty").until("a hit", w -> w.count(".hit") == 1);
        assertAccessible(axe, beth, "the chat, and a hit");
        beth.choose("who is thirsty?", "reply");
        for (String button : List.of("new-chat", "new-group", "chat-about", "pins-all", "me-menu")) {
            beth.click(button);
            assertAccessible(axe, beth, button);
            beth.escape();
        }
        for (String item : List.of("set-status", "show-privacy", "show-devices", "show-settings")) {
            beth.choose(Menu.ACCOUNT, item);
            assertAccessible(axe, beth, item);
            beth.escape();
        }
    }

    private static void assertAccessible(AxeCore axe, ChatWindow window, String what) {
        for (String theme : List.of("light", "dark")) {
            assertEquals(List.of(), window.useSystemTheme(theme).violations(axe), what + ", " + theme);
        }
    }

    private ChatWindow window(Size size) {
        ChatWindow window = ChatWindow.open(tidings.url(), tidings.directory().resolve("profile-" + profiles++), size);
        windows.add(window);
        return window;
    }
}
