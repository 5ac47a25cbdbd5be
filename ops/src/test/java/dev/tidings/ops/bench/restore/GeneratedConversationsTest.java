package dev.tidings.ops.bench.restore;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.id.ConversationId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratedConversationsTest {

    @ParameterizedTest
    @ValueSource(ints = {1_000, 1_010, 20_000})
    void every_user_has_the_same_number_of_conversations(int count) {
        GeneratedConversations conversations = new GeneratedConversations(count);
        Set<String> ids = new HashSet<>();
        Map<String, Integer> perUser = new HashMap<>();

        for (int number = 0; number < count; number++) {
            ids.add(conversations.id(number));
            pair(conversations, number).users().forEach(user -> perUser.merge(user, 1, Integer::sum));
        }

        assertEquals(count, ids.size());
        assertEquals(conversations.users(), perUser.size());
        assertEquals(Set.of(GeneratedConversations.PER_USER), Set.copyOf(perUser.values()));
    }

    @Test
    void a_message_is_sent_by_a_user_of_its_conversation() {
        GeneratedConversations conversations = new GeneratedConversations(1_000);

        assertTrue(pair(conversations, 999)
                .users()
                .contains(conversations.message(999, "first").getActor()));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1_000, 0, 990, 1_001})
    void other_numbers_are_rejected(int count) {
        assertThrows(IllegalArgumentException.class, () -> new GeneratedConversations(count));
    }

    private static ConversationId.Private pair(GeneratedConversations conversations, int number) {
        return (ConversationId.Private) requireNonNull(ConversationId.parse(conversations.id(number)));
    }
}
