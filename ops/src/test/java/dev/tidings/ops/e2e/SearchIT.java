package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Content;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.EncryptedContent;
import dev.tidings.v1.Error;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.Search;
import dev.tidings.v1.Search.Order;
import dev.tidings.v1.SearchHit;
import dev.tidings.v1.SearchResults;
import dev.tidings.v1.Send;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.TextContent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Searches of users on real parts, by all conditions and in several languages. */
class SearchIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String anna = "anna-" + suffix;
    private final String ben = "ben-" + suffix;
    private final String carl = "carl-" + suffix;
    private final String pair = "p:" + anna + ':' + ben;
    private final String club = "g:club-" + suffix;

    @Test
    void a_message_is_found_by_its_words_in_any_language() {
        Map<String, String> queries = Map.of(
                "The train leaves at noon", "NOON train",
                "Grüße aus der Straße in Köln", "STRASSE koln",
                "我在北京大学读书", "北京大学",
                "猫", "猫",
                "東京タワーに行く", "ﾀﾜｰ",
                "서울에서 만나요", "서울",
                "今天meeting改到3点", "meeting 今天",
                "party 🎉 tonight", "🎉");
        try (ChatClient client = signedIn(anna)) {
            queries.keySet().forEach(text -> send(client, pair, text));
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> queries.forEach((text, query) -> {
                        SearchHit hit = only(search(client, search -> search.setQuery(query)));
                        assertEquals(text, hit.getExcerpt());
                        assertEquals(pair, hit.getConversationId());
                        assertEquals(anna, hit.getSender());
                        assertTrue(hit.getHighlightsCount() > 0);
                    }));

            SearchHit hit = only(search(client, search -> search.setQuery("北京大学")));
            assertEquals(
                    "北京大学",
                    hit.getExcerpt()
                            .substring(
                                    hit.getHighlights(0).getFrom(),
                                    hit.getHighlights(0).getTo()));
            assertEquals(List.of(), texts(search(client, search -> search.setQuery("大京"))));
        }
    }

    @Test
    void the_page_marks_the_words_and_opens_the_conversation_at_the_message() {
        long seq;
        try (ChatClient client = signedIn(anna)) {
            seq = send(client, pair, "the lighthouse keeper");
            IntStream.range(0, 60).forEach(i -> send(client, pair, "line " + i));
            awaitFound(client, "lighthouse", 1);
        }
        ChatWindow window =
                ChatWindow.open(tidings.url(), tidings.directory().resolve("profile-search"), ChatWindow.Size.DESKTOP);
        try {
            window.signIn(anna).search("Lightho");
            String hit = "hit-" + pair + "-" + seq;
            window.until("the hit", shown -> shown.isOnScreen(hit));
            assertEquals(1, window.count(".hit mark"));

            window.click(hit);

            window.until("the message", shown -> shown.texts().contains("the lighthouse keeper"));
            assertEquals(pair, window.openConversationId());
        } finally {
            window.close();
        }
    }

    @Test
    void pages_follow_each_other_and_conditions_narrow_the_search() {
        try (ChatClient client = signedIn(anna);
                ChatClient other = signedIn(ben)) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                send(i == 3 ? other : client, pair, "budget item " + i);
                expected.addFirst("budget item " + i);
            }
            awaitFound(client, "budget", 7);

            List<String> found = new ArrayList<>();
            String cursor = "";
            do {
                String from = cursor;
                SearchResults page = search(
                        client, search -> search.setQuery("Budget").setLimit(2).setCursor(from));
                assertTrue(page.getHitsCount() <= 2);
                found.addAll(texts(page));
                cursor = page.getNextCursor();
            } while (!cursor.isEmpty());
            assertEquals(expected, found);

            Timestamp third = search(client, search -> search.setQuery("budget 3"))
                    .getHits(0)
                    .getSentAt();
            assertEquals(
                    List.of("budget item 3"),
                    texts(search(client, search -> search.setQuery("item").setSender(ben))));
            assertEquals(
                    expected.subList(0, 4),
                    texts(search(client, search -> search.setQuery("item").setSentFrom(third))));
            assertEquals(
                    expected.subList(4, 7),
                    texts(search(client, search -> search.setQuery("item").setSentBefore(third))));
            assertEquals(
                    List.of(),
                    texts(search(client, search -> search.setQuery("item").setContentType("image"))));
            assertEquals(
                    7,
                    search(client, search -> search.setQuery("item").setConversationId(pair))
                            .getHitsCount());
        }
    }

    @Test
    void the_last_word_may_be_a_beginning_and_the_best_match_may_be_first() {
        try (ChatClient client = signedIn(anna)) {
            send(client, pair, "umbrella");
            send(client, pair, "take the umbrellas with you when you leave the house tonight");
            send(client, pair, "umbrellas in the rain");
            send(client, pair, "an ember");
            awaitFound(client, "umbrellas", 2);
            List<String> newestFirst = List.of(
                    "umbrellas in the rain",
                    "take the umbrellas with you when you leave the house tonight",
                    "umbrella");
            List<String> bestFirst = List.of(
                    "umbrella",
                    "umbrellas in the rain",
                    "take the umbrellas with you when you leave the house tonight");

            UnaryOperator<Search.Builder> beginning =
                    search -> search.setQuery("Umbr").setPrefix(true);
            assertEquals(newestFirst, texts(search(client, beginning)));
            List<String> found = new ArrayList<>();
            SearchResults page = search(
                    client,
                    search -> beginning.apply(search).setOrder(Order.RELEVANCE).setLimit(1));
            found.addAll(texts(page));
            while (!page.getNextCursor().isEmpty()) {
                String cursor = page.getNextCursor();
                page = search(
                        client,
                        search -> beginning
                                .apply(search)
                                .setOrder(Order.RELEVANCE)
                                .setLimit(1)
                                .setCursor(cursor));
                found.addAll(texts(page));
            }
            assertEquals(bestFirst, found);
            assertEquals(List.of(), texts(search(client, search -> search.setQuery("Umbr"))));
            assertEquals(
                    List.of("umbrellas in the rain"),
                    texts(search(client, search -> search.setQuery("rain umb").setPrefix(true))));
            String ofTime = search(client, search -> beginning.apply(search).setLimit(1))
                    .getNextCursor();
            assertEquals(
                    "cursor is a nextCursor of another order",
                    error(
                                    client,
                                    search -> beginning
                                            .apply(search)
                                            .setOrder(Order.RELEVANCE)
                                            .setCursor(ofTime))
                            .getMessage());
        }
    }

    @Test
    void a_prefix_that_is_a_whole_word_finds_a_message_without_beginnings() throws Exception {
        try (ChatClient client = signedIn(anna)) {
            send(client, pair, "the parasol");
            send(client, pair, "the parasols");
            awaitFound(client, "parasol", 1);
            awaitFound(client, "parasols", 1);
            assertEquals(
                    "",
                    tidings.sql("ALTER TABLE messages UPDATE"
                            + " search_terms = arrayFilter(term -> NOT endsWith(term, '*'), search_terms)"
                            + " WHERE conversation_id = '" + pair + "' SETTINGS mutations_sync = 2"));

            for (Order order : List.of(Order.NEWEST_FIRST, Order.RELEVANCE)) {
                assertEquals(
                        List.of("the parasol"),
                        texts(search(
                                client,
                                search -> search.setQuery("the Parasol")
                                        .setPrefix(true)
                                        .setOrder(order))));
                assertEquals(
                        List.of(),
                        texts(search(
                                client,
                                search -> search.setQuery("Paraso")
                                        .setPrefix(true)
                                        .setOrder(order))));
            }
        }
    }

    @Test
    void an_edit_replaces_the_words_and_a_recall_removes_them() {
        try (ChatClient client = signedIn(anna)) {
            long edited = send(client, pair, "meet at the harbour");
            long recalled = send(client, pair, "the harbour is closed");
            awaitFound(client, "harbour", 2);

            sequenced(
                    client,
                    ClientFrame.newBuilder()
                            .setEdit(EditMessage.newBuilder()
                                    .setConversationId(pair)
                                    .setSeq(edited)
                                    .setContent(Content.newBuilder()
                                            .setText(TextContent.newBuilder().setBody("meet at the castle")))));
            sequenced(
                    client,
                    ClientFrame.newBuilder()
                            .setRecall(RecallMessage.newBuilder()
                                    .setConversationId(pair)
                                    .setSeq(recalled)));

            awaitFound(client, "castle", 1);
            awaitFound(client, "harbour", 0);
        }
    }

    @Test
    void encrypted_content_is_not_found() {
        try (ChatClient client = signedIn(anna)) {
            sequenced(
                    client,
                    ClientFrame.newBuilder()
                            .setSend(Send.newBuilder()
                                    .setConversationId(pair)
                                    .setClientMsgId("secret")
                                    .setContent(Content.newBuilder()
                                            .setEncrypted(EncryptedContent.newBuilder()
                                                    .setScheme("mls")
                                                    .setPayload(ByteString.copyFromUtf8("zeppelin"))))));
            send(client, pair, "zeppelin in the open");
            awaitFound(client, "zeppelin", 1);
        }
    }

    @Test
    void a_user_finds_only_messages_from_their_time_in_a_group() {
        try (ChatClient owner = signedIn(anna);
                ChatClient member = signedIn(carl);
                ChatClient stranger = signedIn(ben)) {
            group(
                    owner,
                    group -> group.setCreate(CreateGroup.newBuilder()
                            .setProfile(GroupProfile.newBuilder().setName("Club"))));
            send(owner, club, "pavilion before");
            group(owner, group -> group.setAddMembers(AddMembers.newBuilder().addUserIds(carl)));
            send(owner, club, "pavilion during");
            group(
                    owner,
                    group -> group.setRemoveMembers(RemoveMembers.newBuilder().addUserIds(carl)));
            send(owner, club, "pavilion after");
            awaitFound(owner, "pavilion", 3);

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertEquals(
                            List.of("pavilion during"), texts(search(member, search -> search.setQuery("pavilion")))));
            assertEquals(
                    List.of("pavilion during"),
                    texts(search(member, search -> search.setQuery("pavilion").setConversationId(club))));
            assertEquals(List.of(), texts(search(stranger, search -> search.setQuery("pavilion"))));
            assertEquals(
                    Error.Code.FORBIDDEN,
                    error(stranger, search -> search.setQuery("pavilion").setConversationId(club))
                            .getCode());
        }
    }

    @Test
    void a_search_that_is_not_allowed_says_why() {
        try (ChatClient client = signedIn(anna)) {
            assertEquals(
                    "query has no letter, digit or symbol; at least one is necessary",
                    error(client, search -> search.setQuery(" .-")).getMessage());
            assertEquals(
                    "query has 257 bytes; at most 256 are allowed",
                    error(client, search -> search.setQuery("x".repeat(257))).getMessage());
            assertEquals(
                    "limit is 51; 0 to 50 are allowed",
                    error(client, search -> search.setQuery("x").setLimit(51)).getMessage());
            assertEquals(
                    "cursor is not a nextCursor of this server",
                    error(client, search -> search.setQuery("x").setCursor("?")).getMessage());
        }
    }

    private ChatClient signedIn(String user) {
        return ChatClient.signedIn(tidings.url(), user, "phone", Subprotocol.PROTO);
    }

    private static long send(ChatClient client, String conversationId, String text) {
        return sequenced(
                client, ChatClient.text(conversationId, UUID.randomUUID().toString(), text));
    }

    private void group(ChatClient client, UnaryOperator<GroupCommand.Builder> command) {
        sequenced(
                client,
                ClientFrame.newBuilder()
                        .setGroup(command.apply(GroupCommand.newBuilder().setConversationId(club))));
    }

    private static long sequenced(ChatClient client, ClientFrame.Builder frame) {
        ServerFrame answer = client.request(frame, some -> some.hasSequenced() || some.hasRefused() || some.hasError());
        assertTrue(answer.hasSequenced(), answer::toString);
        return answer.getSequenced().getSeq();
    }

    private static void awaitFound(ChatClient client, String query, int hits) {
        await().atMost(TIMEOUT)
                .until(() -> search(client, search -> search.setQuery(query)).getHitsCount() == hits);
    }

    private static SearchResults search(ChatClient client, UnaryOperator<Search.Builder> query) {
        ServerFrame answer = client.request(
                ClientFrame.newBuilder().setSearch(query.apply(Search.newBuilder())),
                some -> some.hasSearchResults() || some.hasError());
        assertTrue(answer.hasSearchResults(), answer::toString);
        return answer.getSearchResults();
    }

    private static Error error(ChatClient client, UnaryOperator<Search.Builder> query) {
        return client.request(
                        ClientFrame.newBuilder().setSearch(query.apply(Search.newBuilder())), ServerFrame::hasError)
                .getError();
    }

    private static SearchHit only(SearchResults results) {
        assertEquals(1, results.getHitsCount());
        return results.getHits(0);
    }

    private static List<String> texts(SearchResults results) {
        return results.getHitsList().stream().map(SearchHit::getExcerpt).toList();
    }
}
