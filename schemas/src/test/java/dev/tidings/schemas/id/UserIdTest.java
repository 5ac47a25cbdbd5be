package dev.tidings.schemas.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserIdTest {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

    @ParameterizedTest
    @ValueSource(strings = {"a", "alice", "A.b_c-9", "..."})
    void letters_digits_underscores_dots_and_dashes_are_allowed(String text) {
        assertTrue(UserId.isValid(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:b", "a/b", "é", "a\u0000", "a\n", "漢", "٣"})
    void other_characters_are_not_allowed(String text) {
        assertFalse(UserId.isValid(text));
    }

    @Test
    void an_id_has_at_most_64_characters() {
        assertTrue(UserId.isValid("x".repeat(64)));
        assertFalse(UserId.isValid("x".repeat(65)));
    }

    @Test
    void the_inbox_partition_is_the_one_of_kafkas_partitioner() {
        long seed = Long.getLong("tidings.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String userId = randomId(random);
            int partitions = 1 + random.nextInt(200);
            assertEquals(
                    BuiltInPartitioner.partitionForKey(userId.getBytes(StandardCharsets.UTF_8), partitions),
                    UserId.inboxPartition(userId, partitions),
                    () -> userId + " of " + partitions + " partitions, -Dtidings.seed=" + seed);
        }
    }

    private static String randomId(Random random) {
        StringBuilder id = new StringBuilder();
        int length = 1 + random.nextInt(64);
        for (int i = 0; i < length; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }
}
