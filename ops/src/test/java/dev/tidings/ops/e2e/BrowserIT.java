package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.Gateway;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.ops.e2e.ChatWindow.Menu;
import dev.tidings.ops.e2e.ChatWindow.Size;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Notification;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.WordRule;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users chat in real browsers through the whole of Tidings. Each test has users of its own. */
class BrowserIT {

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne().withWebhook();

    private static final BusinessSystem system = tidings.business();

    private static int profiles;

    private final List<ChatWindow> windows = new ArrayList<>();

    @AfterEach
    void closeWindows() {
        windows.forEach(ChatWindow::close);
    }

    @Test
    void a_message_shows_a_badge_until_it_is_read_and_the_sender_sees_the_receipt() {
        String conversation = "p:alice:bob";
        ChatWindow alice = window(Size.DESKTOP).signIn("alice").startChatWith("bob");
        ChatWindow bob = window(Size.DESKTOP).signIn("bob");

        alice.send("hello").send("are you there?");

        bob.until("two unread", w -> w.unread(conversation) == 2 && w.title().equals("(2) Tidings"));
        alice.until("delivered", w -> ticks(w).equals(List.of("delivered", "delivered")));

        bob.openConversation(conversation);

        bob.until("badge gone", w -> w.unread(conversation) == 0 && w.title().equals("Tidings"));
        alice.until("read", w -> ticks(w).equals(List.of("read", "read")));
        assertEquals(List.of("hello", "are you there?"), bob.texts());
    }

    @Test
    void both_sides_show_the_same_conversation_though_one_reloads_in_the_middle() {
        int each = 15;
        ChatWindow carol = window(Size.DESKTOP).signIn("carol").startChatWith("dave");
        ChatWindow dave = window(Size.DESKTOP).signIn("dave").startChatWith("carol");

        IntStream.range(0, each).forEach(i -> {
            carol.send("carol " + i);
            if (i == each / 2) {
                dave.reload();
            }
            dave.send("dave " + i);
        });

        List<Long> seqs = LongStream.rangeClosed(1, 2L * each).boxed().toList();
        carol.until("all of it", w -> seqs(w).equals(seqs));
        dave.until("all of it", w -> seqs(w).equals(seqs));
        assertEquals(carol.texts(), dave.texts());
        assertEquals(textsBy("carol", each), textsOf(carol, "carol"));
        assertEquals(textsBy("dave", each), textsOf(carol, "dave"));

        carol.reload().awaitConnected().until("all of it again", w -> seqs(w).equals(seqs));
        assertEquals(dave.texts(), carol.texts());
    }

    @Test
    void a_person_is_found_and_shown_by_the_name_that_they_set() throws Exception {
        ChatWindow lena = window(Size.DESKTOP).signIn("lena").setName("Lena Größe");
        await().atMost(ChatWindow.TIMEOUT)
                .until(() -> tidings.sql("SELECT count() FROM tidings.user_name_keys WHERE user_id = 'lena'")
                        .strip()
                        .equals("2"));

        ChatWindow max = window(Size.DESKTOP).signIn("max").startChatByName("grosse", "lena");

        max.until("the name", w -> w.textOf("chat-title").equals("Lena Größe"));
        max.send("hello").until("listed by name", w -> w.conversationList().equals(List.of("Lena Größe: hello")));
        lena.until("listed by id", w -> w.conversationList().equals(List.of("max: hello")));
    }

    @Test
    void a_phone_is_another_device_of_the_same_user() {
        String conversation = "p:erin:frank";
        ChatWindow erin = window(Size.DESKTOP).signIn("erin").startChatWith("frank");
        ChatWindow frank = window(Size.DESKTOP).signIn("frank");
        ChatWindow phone = window(Size.PHONE).signIn("frank");

        erin.send("on which one do you read this?");

        frank.until("unread", w -> w.unread(conversation) == 1);
        phone.until("unread", w -> w.unread(conversation) == 1);
        assertFalse(phone.isOnScreen("composer"), "list and chat are two screens on a phone");

        phone.openConversation(conversation);

        assertFalse(phone.isOnScreen("new-chat"), "list and chat are two screens on a phone");
        frank.until("read on the phone", w -> w.unread(conversation) == 0);
        erin.until("read", w -> ticks(w).equals(List.of("read")));

        phone.send("on the phone");
        frank.openConversation(conversation).until("said on the phone", w -> ticks(w).equals(List.of("read")));
        erin.until("answer", w -> w.texts().equals(List.of("on which one do you read this?", "on the phone")));
        assertEquals(erin.texts(), phone.texts());
        assertEquals(0, phone.overflowPixels());
        phone.back();
        assertEquals(0, phone.overflowPixels());
    }

    @Test
    void messages_written_offline_are_sent_after_reconnecting() throws IOException {
        try (BreakableNetwork network = new BreakableNetwork(tidings.url())) {
            ChatWindow grace =
                    window(network.url(), Size.DESKTOP).signIn("grace").startChatWith("heidi");
            ChatWindow heidi = window(Size.DESKTOP).signIn("heidi").startChatWith("grace");
            grace.send("before").until("sequenced", w -> seqs(w).equals(List.of(1L)));

            network.cut();
            grace.until("cut off", w -> !w.isConnected()).send("in between");
            heidi.send("meanwhile").until("sequenced", w -> seqs(w).equals(List.of(1L, 2L)));
            assertEquals(List.of("waiting"), ticks(grace).subList(1, 2));
            network.mend();

            grace.until("sent", w -> seqs(w).equals(List.of(1L, 2L, 3L)));
            heidi.until("received", w -> seqs(w).equals(List.of(1L, 2L, 3L)));
            assertEquals(List.of("before", "meanwhile", "in between"), grace.texts());
            assertEquals(grace.texts(), heidi.texts());
        }
    }

    @Test
    void a_message_is_shown_as_text_and_never_as_markup() {
        ChatWindow ivan = window(Size.DESKTOP).signIn("ivan").startChatWith("judy");
        ChatWindow judy = window(Size.DESKTOP).signIn("judy").startChatWith("ivan");
        List<String> texts = List.of(
                "<img src=x onerror=document.title=1> <b>bold</b>",
                "see https://example.org/a?b=c#d.",
                "javascript:alert(1)",
                "你好,世界",
                "שלום עולם");

        texts.forEach(ivan::send);

        judy.until("all of them", w -> w.texts().equals(texts));
        assertEquals(0, judy.count("#messages img, #messages b"));
        assertEquals(1, judy.count("#messages a"));
        assertEquals(1, judy.count("#messages a[href='https://example.org/a?b=c#d'][rel~='noopener']"));
        assertTrue(judy.title().endsWith("Tidings"));
    }

    @Test
    void all_members_of_a_group_see_edits_recalls_and_reactions() {
        ChatWindow olga = window(Size.DESKTOP).signIn("olga");
        ChatWindow mallory = window(Size.DESKTOP).signIn("mallory");
        ChatWindow nina = window(Size.PHONE).signIn("nina");
        String lunch = olga.startGroup("Lunch", "mallory", "nina").openConversationId();

        olga.send("who is hungry").send("@mallory, are you?");

        mallory.until("mentioned", w -> w.unread(lunch) == 2 && w.count("[data-testid='mention-" + lunch + "']") == 1);
        nina.until("not mentioned", w -> w.unread(lunch) == 2 && w.count("[data-testid='mention-" + lunch + "']") == 0);

        mallory.openConversation(lunch).send("something rude");
        nina.openConversation(lunch).choose("who is hungry", "react-👍");
        olga.edit("who is hungry", "who is hungry?").recall("something rude");

        List<String> expected =
                List.of("olga: who is hungry? (edited) [👍 1]", "olga: @mallory, are you?", "mallory: (recalled)");
        for (ChatWindow window : List.of(olga, mallory, nina)) {
            window.until("edited, recalled and reacted to", w -> summaries(w).equals(expected));
            assertEquals(0, window.unread(lunch));
        }
        assertEquals(1, mallory.count(".mention"));
        assertEquals(0, nina.overflowPixels());
        mallory.reload()
                .awaitConnected()
                .until("the same from history", w -> summaries(w).equals(expected));
    }

    @Test
    void messages_missed_by_all_devices_are_pushed_and_unread_on_each_until_one_reads_them() throws IOException {
        String uma = "p:uma:victor";
        String wendy = "p:victor:wendy";
        ChatWindow sender = window(Size.DESKTOP).signIn("uma").startChatWith("victor");
        ChatWindow laptop = window(Size.DESKTOP).signIn("victor");
        try (BreakableNetwork network = new BreakableNetwork(tidings.url());
                ChatClient mobile = signedIn("victor", "mobile");
                ChatClient other = signedIn("wendy", "mobile")) {
            ChatWindow phone = window(network.url(), Size.PHONE).signIn("victor");
            mobile.registerPush("mobile", "token-of-victor");
            mobile.close();
            close(laptop);
            network.cut();
            other.awaitOffline("victor");

            IntStream.rangeClosed(1, 5).forEach(i -> sender.send("missed " + i));
            sender.until("sequenced", w -> seqs(w).equals(List.of(1L, 2L, 3L, 4L, 5L)));
            other.request(ChatClient.text(wendy, "m1", "missed, too"), ServerFrame::hasSequenced);

            await().atMost(ChatWindow.TIMEOUT)
                    .until(() -> notificationsAbout(uma).stream().anyMatch(notified -> notified.getUnread() == 5)
                            && !notificationsAbout(wendy).isEmpty());
            Notification last = notificationsAbout(uma).getLast();
            assertEquals("5 new messages", last.getBody());
            // at the time of sending: with Wendy's message, if it came first
            assertTrue(last.getBadge() == 5 || last.getBadge() == 6, last::toString);
            assertEquals(
                    1,
                    notificationsAbout(uma).stream()
                            .map(Notification::getCollapseKey)
                            .distinct()
                            .count());
            assertEquals(6, notificationsAbout(wendy).getLast().getBadge());

            network.mend();
            phone.reload();
            ChatWindow laptopAgain = window(Size.DESKTOP).signIn("victor");
            for (ChatWindow device : List.of(laptopAgain, phone)) {
                device.until(
                        "all of it unread",
                        w -> w.unread(uma) == 5
                                && w.unread(wendy) == 1
                                && w.title().equals("(6) Tidings"));
            }

            phone.openConversation(uma);

            laptopAgain.until(
                    "read on the phone",
                    w -> w.unread(uma) == 0 && w.unread(wendy) == 1 && w.title().equals("(1) Tidings"));
            phone.until("read here", w -> w.title().equals("(1) Tidings"));
            sender.until("read", w -> ticks(w).stream().allMatch("read"::equals));
            assertEquals(sender.texts(), phone.texts());

            try (ChatClient again = signedIn("victor", "mobile")) {
                ChangeSettings mute = ChangeSettings.newBuilder()
                        .setConversationId(wendy)
                        .setMuted(true)
                        .build();
                again.request(ClientFrame.newBuilder().setSettings(mute), ServerFrame::hasApplied);
            }
            for (ChatWindow device : List.of(laptopAgain, phone)) {
                device.until("muted", w -> w.title().equals("Tidings") && w.unread(wendy) == 1);
            }
        }
    }

    @Test
    void masked_words_are_masked_for_the_sender_too() throws IOException {
        RulesCommand mask = RulesCommand.newBuilder()
                .addSetWords(WordRule.newBuilder().setWord("fiddlesticks").setAction(ModerationAction.MASK))
                .build();
        assertTrue(system.ask(BusinessCommand.newBuilder()
                        .setRequestId("mask")
                        .setAsSystem(true)
                        .setRules(mask))
                .hasApplied());
        try (BreakableNetwork network = new BreakableNetwork(tidings.url());
                ChatClient tablet = signedIn("xena", "tablet")) {
            ChatWindow xena = window(network.url(), Size.DESKTOP).signIn("xena").startChatWith("yuri");
            ChatWindow yuri = window(Size.DESKTOP).signIn("yuri").startChatWith("xena");

            xena.send("fiddlesticks!");
            List.of(xena, yuri)
                    .forEach(window -> window.until("masked", w -> w.texts().equals(List.of("************!"))));
            xena.edit("************!", "oh fiddlesticks");
            List.of(xena, yuri)
                    .forEach(window ->
                            window.until("masked when edited", w -> w.texts().equals(List.of("oh ************"))));

            // the page gets no answer to its first attempt, and the second is a duplicate without the masked text
            network.cut();
            xena.until("cut off", w -> !w.isConnected()).send("fiddlesticks again");
            tablet.request(
                    ChatClient.text("p:xena:yuri", xena.clientMsgId("fiddlesticks again"), "fiddlesticks again"),
                    ServerFrame::hasSequenced);
            network.mend();

            List<String> all = List.of("oh ************", "************ again");
            List.of(xena, yuri)
                    .forEach(window ->
                            window.until("masked as well", w -> w.texts().equals(all)));
            assertEquals(List.of(1L, 3L), seqs(xena));
            xena.reload()
                    .awaitConnected()
                    .until("the same from history", w -> w.texts().equals(all));
        }
    }

    @Test
    void a_replaced_page_shows_the_reason_and_reconnects_only_on_request() {
        try (Gateway strict = tidings.startGateway(Map.of("gateway.login-policy", "one"))) {
            ChatWindow first =
                    window(TidingsExtension.urlOf(strict), Size.DESKTOP).signIn("zoe");
            ChatWindow second =
                    window(TidingsExtension.urlOf(strict), Size.DESKTOP).signIn("zoe");

            first.until("ended", w -> w.isInState("ended") && w.isOnScreen("ended"));
            assertTrue(first.textOf("ended").contains("another device"), first.textOf("ended"));
            second.startChatWith("yvonne").send("only here").until("sequenced", w -> seqs(w).equals(List.of(1L)));
            assertTrue(first.isInState("ended"));
            assertEquals(2, sessionsOpened("zoe"));

            first.click("use-here").awaitConnected();
            second.until("ended", w -> w.isInState("ended"));
            assertFalse(first.isOnScreen("ended"));
        }
    }

    @Test
    void presence_and_typing_of_the_partner_are_summaries() {
        String conversation = "p:kate:liam";
        ChatWindow kate = window(Size.DESKTOP).signIn("kate").startChatWith("liam");
        kate.send("are you there?").until("sent, not delivered", w -> ticks(w).equals(List.of("sequenced")));
        ChatWindow liam = window(Size.PHONE).signIn("liam");

        kate.until("online", w -> w.subtitle().equals("online") && w.count(".online") == 1);
        kate.until("arrived with the sync", w -> ticks(w).equals(List.of("delivered")));
        liam.openConversation(conversation)
                .choose(Menu.CONVERSATION, "mute-conversation")
                .type("I am");
        kate.until("typing", w -> w.subtitle().equals("typing…"));
        liam.send(" here");
        kate.until(
                "said",
                w -> w.texts().equals(List.of("are you there?", "I am here"))
                        && w.subtitle().equals("online"));
        assertEquals(List.of("liam: I am here"), kate.conversationList());
        assertEquals(0, liam.overflowPixels());

        liam.close();

        kate.until("gone", w -> w.subtitle().startsWith("last seen") && w.count(".online") == 0);
    }

    @Test
    void settings_and_drafts_are_the_same_on_all_devices() {
        ChatWindow quinn =
                window(Size.DESKTOP).signIn("quinn").startChatWith("peggy").send("first");
        ChatWindow peggy =
                window(Size.DESKTOP).signIn("peggy").startChatWith("rupert").send("then");
        ChatWindow other = window(Size.PHONE).signIn("peggy");
        other.until("the newest first", w -> w.conversationList().equals(List.of("rupert: then", "quinn: first")));

        peggy.openConversation("p:peggy:quinn")
                .choose(Menu.CONVERSATION, "pin-conversation")
                .choose(Menu.CONVERSATION, "mute-conversation")
                .type("I was about");

        other.until(
                "pinned, and begun",
                w -> w.conversationList().equals(List.of("quinn: Draft: I was about", "rupert: then")));
        assertEquals(1, other.count("[data-testid='pin-p:peggy:quinn']"));
        assertEquals(1, other.count("[data-testid='muted-p:peggy:quinn']"));

        other.openConversation("p:peggy:quinn");
        assertEquals("I was about", other.draft());
        other.send(" to ask").back();
        quinn.until("asked", w -> w.texts().equals(List.of("first", "I was about to ask")));
        peggy.until("sent elsewhere", w -> w.draft().isEmpty());

        peggy.openConversation("p:peggy:rupert");
        quinn.send("quietly");
        other.until("unread, and not in the badge", w -> w.unread("p:peggy:quinn") == 1);
        assertEquals("Tidings", other.title());
        assertFalse(other.isOnScreen("total-unread"));
    }

    @Test
    void the_sender_in_a_group_sees_who_has_read_a_message() {
        ChatWindow sybil = window(Size.DESKTOP).signIn("sybil");
        ChatWindow trent = window(Size.DESKTOP).signIn("trent");
        String group = sybil.startGroup("Tickets", "trent", "ursula").openConversationId();
        sybil.send("I have four");
        trent.openConversation(group)
                .until("read", w -> w.unread(group) == 0 && w.title().equals("Tidings"));

        // receipts arrive later than the badge disappears: ask again until they have
        sybil.until("trent has read it", w -> {
            w.choose("I have four", "receipts").until("an answer", asked -> asked.count("#receipts .part") > 0);
            boolean read = w.names("read-by").equals(List.of("trent"));
            List<String> notYet = w.names("not-delivered");
            w.click("receipts-close");
            return read && notYet.equals(List.of("ursula"));
        });
    }

    @Test
    void a_revoked_device_is_signed_out() {
        ChatWindow lost = window(Size.PHONE).signIn("walter");
        ChatWindow walter = window(Size.DESKTOP).signIn("walter");

        walter.revokeTheOtherDevice();

        lost.until("signed out", w -> w.isOnScreen("ended"));
        assertTrue(walter.isConnected());
        lost.reload().until("to sign in again", w -> w.isOnScreen("sign-in"));
    }

    private static List<Notification> notificationsAbout(String conversation) {
        return tidings.webhook().of("victor").stream()
                .filter(notified -> notified.getConversationId().equals(conversation))
                .toList();
    }

    private static long sessionsOpened(String user) {
        return system.committed(Topics.USER_EVENTS).stream()
                .filter(record -> record.key().equals(user) && record.value().hasSessionOpened())
                .count();
    }

    private static ChatClient signedIn(String user, String device) {
        return ChatClient.signedIn(tidings.url(), user, device, Subprotocol.PROTO);
    }

    private void close(ChatWindow window) {
        windows.remove(window);
        window.close();
    }

    private ChatWindow window(Size size) {
        return window(tidings.url(), size);
    }

    private ChatWindow window(URI page, Size size) {
        ChatWindow window = ChatWindow.open(page, tidings.directory().resolve("profile-" + profiles++), size);
        windows.add(window);
        return window;
    }

    private static List<String> ticks(ChatWindow window) {
        return window.messages().stream()
                .map(ChatMessage::tick)
                .filter(tick -> tick != null)
                .toList();
    }

    private static List<Long> seqs(ChatWindow window) {
        return window.messages().stream()
                .map(message -> message.seq() == null ? 0 : message.seq())
                .toList();
    }

    private static List<String> summaries(ChatWindow window) {
        return window.messages().stream().map(ChatMessage::summary).toList();
    }

    private static List<String> textsOf(ChatWindow window, String sender) {
        return window.messages().stream()
                .filter(message -> message.sender().equals(sender))
                .map(ChatMessage::text)
                .toList();
    }

    private static List<String> textsBy(String sender, int count) {
        return IntStream.range(0, count).mapToObj(i -> sender + " " + i).toList();
    }
}
