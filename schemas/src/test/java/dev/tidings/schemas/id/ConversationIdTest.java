package dev.tidings.schemas.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"p:alice:bob", "p:a:a", "g:team_1", "r:r.1", "s:billing-7", "b:all"})
    void a_valid_id_parses_to_the_same_text(String text) {
        assertEquals(text, String.valueOf(ConversationId.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "p",
                "p:",
                "g:",
                "p:alice",
                "p:alice:",
                "p::bob",
                "p:bob:alice",
                "p:a:b:c",
                "p:a b:c",
                "x:team",
                "P:alice:bob",
                "gteam",
                "g:te:am",
                "g:te/am",
                "g:täm",
                " g:team",
                "g:team ",
                "p:a\u0000:b",
                "p:😀:😁"
            })
    void an_invalid_id_parses_to_null(String text) {
        assertNull(ConversationId.parse(text));
    }

    @Test
    void user_ids_in_it_have_at_most_64_characters() {
        String longest = "a".repeat(64);

        assertEquals("g:" + longest, String.valueOf(ConversationId.parse("g:" + longest)));
        assertNull(ConversationId.parse("g:" + longest + "a"));
        assertNull(ConversationId.parse("p:" + longest + "a:b"));
    }

    @Test
    void two_users_in_any_order_have_one_private_conversation() {
        assertEquals(ConversationId.between("alice", "bob"), ConversationId.between("bob", "alice"));
        assertEquals(
                ConversationId.between("bob", "alice"),
                ConversationId.parse(ConversationId.between("bob", "alice").toString()));
    }

    @Test
    void capital_letters_sort_before_small_ones() {
        assertEquals("p:Zoe:alice", ConversationId.between("alice", "Zoe").toString());
    }

    @Test
    void a_private_conversation_has_its_users() {
        ConversationId.Private pair = ConversationId.between("bob", "alice");

        assertEquals(List.of("alice", "bob"), pair.users());
        assertTrue(pair.has("bob"));
        assertFalse(pair.has("bo"));
        assertFalse(pair.withOneself());
        assertTrue(ConversationId.between("bob", "bob").withOneself());
    }
}
