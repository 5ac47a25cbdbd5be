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

/** People in real browsers talk to each other through the whole of Tidings. Each test has people of its own. */
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
    void aMessageShowsABadgeUntilItIsReadAndThenTheSenderSeesThatItWas() {
        String conversation = "p:alice:bob";
        ChatWindow alice = window(Size.DESKTOP).signIn("alice").startChatWith("bob");
        ChatWindow bob = window(Size.DESKTOP).signIn("bob");

        alice.say("hello").say("are you there?");

        bob.until("two unread", w -> w.unread(conversation) == 2 && w.title().equals("(2) Tidings"));
        alice.until("delivered", w -> ticks(w).equals(List.of("delivered", "delivered")));

        bob.openConversation(conversation);

        bob.until("badge gone", w -> w.unread(conversation) == 0 && w.title().equals("Tidings"));
        alice.until("read", w -> ticks(w).equals(List.of("read", "read")));
        assertEquals(List.of("hello", "are you there?"), bob.texts());
    }

    @Test
    void aTalkIsWholeAndTheSameOnBothSidesThoughOneReloadsInTheMiddleOfIt() {
        int each = 15;
        ChatWindow carol = window(Size.DESKTOP).signIn("carol").startChatWith("dave");
        ChatWindow dave = window(Size.DESKTOP).signIn("dave").startChatWith("carol");

        IntStream.range(0, each).forEach(i -> {
            carol.say("carol " + i);
            if (i == each / 2) {
                dave.reload();
            }
            dave.say("dave " + i);
        });

        List<Long> seqs = LongStream.rangeClosed(1, 2L * each).boxed().toList();
        carol.until("all of it", w -> seqs(w).equals(seqs));
        dave.until("all of it", w -> seqs(w).equals(seqs));
        assertEquals(carol.texts(), dave.texts());
        assertEquals(saidBy("carol", each), textsOf(carol, "carol"));
        assertEquals(saidBy("dave", each), textsOf(carol, "dave"));

        carol.reload().awaitConnected().until("all of it again", w -> seqs(w).equals(seqs));
        assertEquals(dave.texts(), carol.texts());
    }

    @Test
    void aPhoneIsAnotherDeviceOfTheSameUser() {
        String conversation = "p:erin:frank";
        ChatWindow erin = window(Size.DESKTOP).signIn("erin").startChatWith("frank");
        ChatWindow frank = window(Size.DESKTOP).signIn("frank");
        ChatWindow phone = window(Size.PHONE).signIn("frank");

        erin.say("on which one do you read this?");

        frank.until("unread", w -> w.unread(conversation) == 1);
        phone.until("unread", w -> w.unread(conversation) == 1);
        assertFalse(phone.isOnScreen("composer"), "list and chat are two screens on a phone");

        phone.openConversation(conversation);

        assertFalse(phone.isOnScreen("new-chat"), "list and chat are two screens on a phone");
        frank.until("read on the phone", w -> w.unread(conversation) == 0);
        erin.until("read", w -> ticks(w).equals(List.of("read")));

        phone.say("on the phone");
        frank.openConversation(conversation).until("said on the phone", w -> ticks(w).equals(List.of("read")));
        erin.until("answer", w -> w.texts().equals(List.of("on which one do you read this?", "on the phone")));
        assertEquals(erin.texts(), phone.texts());
        assertEquals(0, phone.overflowPixels());
        phone.back();
        assertEquals(0, phone.overflowPixels());
    }

    @Test
    void whatIsWrittenWithoutANetworkIsSentOnceItIsBack() throws IOException {
        try (BreakableNetwork network = new BreakableNetwork(tidings.url())) {
            ChatWindow grace =
                    window(network.url(), Size.DESKTOP).signIn("grace").startChatWith("heidi");
            ChatWindow heidi = window(Size.DESKTOP).signIn("heidi").startChatWith("grace");
            grace.say("before").until("sequenced", w -> seqs(w).equals(List.of(1L)));

            network.cut();
            grace.until("cut off", w -> !w.isConnected()).say("in between");
            heidi.say("meanwhile").until("sequenced", w -> seqs(w).equals(List.of(1L, 2L)));
            assertEquals(List.of("waiting"), ticks(grace).subList(1, 2));
            network.mend();

            grace.until("sent", w -> seqs(w).equals(List.of(1L, 2L, 3L)));
            heidi.until("received", w -> seqs(w).equals(List.of(1L, 2L, 3L)));
            assertEquals(List.of("before", "meanwhile", "in between"), grace.texts());
            assertEquals(grace.texts(), heidi.texts());
        }
    }

    @Test
    void aMessageIsTextWhateverIsInIt() {
        ChatWindow ivan = window(Size.DESKTOP).signIn("ivan").startChatWith("judy");
        ChatWindow judy = window(Size.DESKTOP).signIn("judy").startChatWith("ivan");
        List<String> texts = List.of(
                "<img src=x onerror=document.title=1> <b>bold</b>",
                "see https://example.org/a?b=c#d.",
                "javascript:alert(1)",
                "你好,世界",
                "שלום עולם");

        texts.forEach(ivan::say);

        judy.until("all of them", w -> w.texts().equals(texts));
        assertEquals(0, judy.count("#messages img, #messages b"));
        assertEquals(1, judy.count("#messages a"));
        assertEquals(1, judy.count("#messages a[href='https://example.org/a?b=c#d'][rel~='noopener']"));
        assertTrue(judy.title().endsWith("Tidings"));
    }

    @Test
    void aGroupSeesTheSameWhateverBecomesOfAMessage() {
        ChatWindow olga = window(Size.DESKTOP).signIn("olga");
        ChatWindow mallory = window(Size.DESKTOP).signIn("mallory");
        ChatWindow nina = window(Size.PHONE).signIn("nina");
        String lunch = olga.startGroup("Lunch", "mallory", "nina").openConversationId();

        olga.say("who is hungry").say("@mallory, are you?");

        mallory.until("mentioned", w -> w.unread(lunch) == 2 && w.count("[data-testid='mention-" + lunch + "']") == 1);
        nina.until("not mentioned", w -> w.unread(lunch) == 2 && w.count("[data-testid='mention-" + lunch + "']") == 0);

        mallory.openConversation(lunch).say("something rude");
        nina.openConversation(lunch).choose("who is hungry", "react-👍");
        olga.edit("who is hungry", "who is hungry?").choose("something rude", "recall");

        List<String> expected =
                List.of("olga: who is hungry? (edited) [👍 1]", "olga: @mallory, are you?", "mallory: (recalled)");
        for (ChatWindow window : List.of(olga, mallory, nina)) {
            window.until("edited, recalled and reacted to", w -> shown(w).equals(expected));
            assertEquals(0, window.unread(lunch));
        }
        assertEquals(1, mallory.count(".mention"));
        assertEquals(0, nina.overflowPixels());
        mallory.reload().awaitConnected().until("the same from history", w -> shown(w).equals(expected));
    }

    @Test
    void whatWasSaidWhileNoDeviceWasThereIsNotifiedOfAndShownOnBothUntilItIsReadOnOne() throws IOException {
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

            IntStream.rangeClosed(1, 5).forEach(i -> sender.say("missed " + i));
            sender.until("sequenced", w -> seqs(w).equals(List.of(1L, 2L, 3L, 4L, 5L)));
            other.request(ChatClient.text(wendy, "m1", "missed, too"), ServerFrame::hasSequenced);

            await().atMost(ChatWindow.PATIENCE)
                    .until(() -> chain(uma).stream().anyMatch(notified -> notified.getUnread() == 5)
                            && !chain(wendy).isEmpty());
            Notification last = chain(uma).getLast();
            assertEquals("5 new messages", last.getBody());
            assertEquals(5, last.getBadge());
            assertEquals(
                    1,
                    chain(uma).stream()
                            .map(Notification::getCollapseKey)
                            .distinct()
                            .count());
            assertEquals(6, chain(wendy).getLast().getBadge());

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
    void whatTheRulesMaskIsMaskedForWhoWroteItAsForEveryoneElse() throws IOException {
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

            xena.say("fiddlesticks!");
            List.of(xena, yuri)
                    .forEach(window -> window.until("masked", w -> w.texts().equals(List.of("************!"))));
            xena.edit("************!", "oh fiddlesticks");
            List.of(xena, yuri)
                    .forEach(window ->
                            window.until("masked when edited", w -> w.texts().equals(List.of("oh ************"))));

            // the answer to the first attempt is lost: the page hears that it had been said, and not what became of it
            network.cut();
            xena.until("cut off", w -> !w.isConnected()).say("fiddlesticks again");
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
    void aPageThatHasToMakeWayForAnotherDeviceSaysWhyAndComesBackOnlyWhenItsUserWants() {
        try (Gateway strict = tidings.startGateway(Map.of("gateway.login-policy", "one"))) {
            ChatWindow first =
                    window(TidingsExtension.urlOf(strict), Size.DESKTOP).signIn("zoe");
            ChatWindow second =
                    window(TidingsExtension.urlOf(strict), Size.DESKTOP).signIn("zoe");

            first.until("ended", w -> w.isInState("ended") && w.isOnScreen("ended"));
            assertTrue(first.textOf("ended").contains("another device"), first.textOf("ended"));
            second.startChatWith("yvonne").say("only here").until("sequenced", w -> seqs(w).equals(List.of(1L)));
            assertTrue(first.isInState("ended"));
            assertEquals(2, sessionsOpened("zoe"));

            first.click("use-here").awaitConnected();
            second.until("ended", w -> w.isInState("ended"));
            assertFalse(first.isOnScreen("ended"));
        }
    }

    @Test
    void whoIsWrittenToIsSeenToComeAndToWriteAndToGo() {
        String conversation = "p:kate:liam";
        ChatWindow kate = window(Size.DESKTOP).signIn("kate").startChatWith("liam");
        kate.say("are you there?").until("sent, to nobody", w -> ticks(w).equals(List.of("sequenced")));
        ChatWindow liam = window(Size.PHONE).signIn("liam");

        kate.until("online", w -> w.subtitle().equals("online") && w.count(".online") == 1);
        kate.until("arrived with the sync", w -> ticks(w).equals(List.of("delivered")));
        liam.openConversation(conversation)
                .choose(Menu.CONVERSATION, "mute-conversation")
                .begin("I am");
        kate.until("typing", w -> w.subtitle().equals("typing…"));
        liam.say(" here");
        kate.until(
                "said",
                w -> w.texts().equals(List.of("are you there?", "I am here"))
                        && w.subtitle().equals("online"));
        assertEquals(List.of("liam: I am here"), kate.listed());
        assertEquals(0, liam.overflowPixels());

        liam.close();

        kate.until("gone", w -> w.subtitle().startsWith("last seen") && w.count(".online") == 0);
    }

    @Test
    void howOneWantsToSeeAConversationAndWhatOneHasBegunIsTheSameOnAllDevices() {
        ChatWindow quinn =
                window(Size.DESKTOP).signIn("quinn").startChatWith("peggy").say("first");
        ChatWindow peggy =
                window(Size.DESKTOP).signIn("peggy").startChatWith("rupert").say("then");
        ChatWindow other = window(Size.PHONE).signIn("peggy");
        other.until("the newest first", w -> w.listed().equals(List.of("rupert: then", "quinn: first")));

        peggy.openConversation("p:peggy:quinn")
                .choose(Menu.CONVERSATION, "pin-conversation")
                .choose(Menu.CONVERSATION, "mute-conversation")
                .begin("I was about");

        other.until("pinned, and begun", w -> w.listed().equals(List.of("quinn: Draft: I was about", "rupert: then")));
        assertEquals(1, other.count("[data-testid='pin-p:peggy:quinn']"));
        assertEquals(1, other.count("[data-testid='muted-p:peggy:quinn']"));

        other.openConversation("p:peggy:quinn");
        assertEquals("I was about", other.begun());
        other.say(" to ask").back();
        quinn.until("asked", w -> w.texts().equals(List.of("first", "I was about to ask")));
        peggy.until("sent elsewhere", w -> w.begun().isEmpty());

        peggy.openConversation("p:peggy:rupert");
        quinn.say("quietly");
        other.until("unread, and not in the badge", w -> w.unread("p:peggy:quinn") == 1);
        assertEquals("Tidings", other.title());
        assertFalse(other.isOnScreen("total-unread"));
    }

    @Test
    void whoeverSentAMessageToAGroupSeesWhoHasReadIt() {
        ChatWindow sybil = window(Size.DESKTOP).signIn("sybil");
        ChatWindow trent = window(Size.DESKTOP).signIn("trent");
        String group = sybil.startGroup("Tickets", "trent", "ursula").openConversationId();
        sybil.say("I have four");
        trent.openConversation(group)
                .until("read", w -> w.unread(group) == 0 && w.title().equals("Tidings"));

        // who has read is told while nobody waits for it: ask until the log has heard
        sybil.until("trent has read it", w -> {
            w.choose("I have four", "receipts").until("an answer", asked -> asked.count("#receipts .part") > 0);
            boolean read = w.names("read-by").equals(List.of("trent"));
            List<String> notYet = w.names("not-delivered");
            w.press("receipts-close");
            return read && notYet.equals(List.of("ursula"));
        });
    }

    @Test
    void aDeviceThatIsRevokedSaysSoAndStaysAway() {
        ChatWindow lost = window(Size.PHONE).signIn("walter");
        ChatWindow walter = window(Size.DESKTOP).signIn("walter");

        walter.revokeTheOtherDevice();

        lost.until("signed out", w -> w.isOnScreen("ended"));
        assertTrue(walter.isConnected());
        lost.reload().until("to sign in again", w -> w.isOnScreen("sign-in"));
    }

    private static List<Notification> chain(String conversation) {
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

    private static List<String> shown(ChatWindow window) {
        return window.messages().stream().map(ChatMessage::inWords).toList();
    }

    private static List<String> textsOf(ChatWindow window, String sender) {
        return window.messages().stream()
                .filter(message -> message.sender().equals(sender))
                .map(ChatMessage::text)
                .toList();
    }

    private static List<String> saidBy(String sender, int count) {
        return IntStream.range(0, count).mapToObj(i -> sender + " " + i).toList();
    }
}
