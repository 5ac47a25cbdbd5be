package dev.tidings.schemas.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UserIdEncodingTest {

    /** Characters that ids contain, that the encoding uses, and that need one to four bytes. */
    private static final String[] ALPHABET = {
        "a", "Z", "0", "9", ".", "-", "_", "e--", "_4", "7C", "|", "@", " ", "%", "\u0000", "ü", "€", "王", "😀"
    };

    @Test
    void a_user_id_stays_as_it_is() {
        for (String id : new String[] {"alice", "user_1", "a.b-c", "x".repeat(64), "e-", "E--x"}) {
            assertEquals(id, UserIdEncoding.encode(id));
            assertEquals(id, UserIdEncoding.decode(id));
        }
    }

    @Test
    void other_ids_are_escaped() {
        assertEquals("e--auth0_7C507f", UserIdEncoding.encode("auth0|507f"));
        assertEquals("e--ada_40example.com", UserIdEncoding.encode("ada@example.com"));
        assertEquals("e--a_5Fb_7C", UserIdEncoding.encode("a_b|"));
        assertEquals("e--e--x", UserIdEncoding.encode("e--x"));
    }

    @Test
    void every_id_that_fits_comes_back_and_no_two_share_a_user_id() {
        long seed = Long.getLong("tidings.seed", new Random().nextLong());
        Random random = new Random(seed);
        Map<String, String> externalIds = new HashMap<>();
        int encoded = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = 1 + random.nextInt(12);
            for (int c = 0; c < length; c++) {
                text.append(ALPHABET[random.nextInt(ALPHABET.length)]);
            }
            String externalId = text.toString();
            String userId = UserIdEncoding.encode(externalId);
            if (userId == null) {
                continue;
            }
            encoded++;
            String with = "seed " + seed + ": \"" + externalId + '"';
            assertTrue(UserId.isValid(userId), with);
            assertEquals(externalId, UserIdEncoding.decode(userId), with);
            assertEquals(externalId, externalIds.computeIfAbsent(userId, _ -> externalId), with);
        }
        assertTrue(encoded > 15_000, "seed " + seed + ": only " + encoded + " ids fit");
    }

    @Test
    void an_id_is_rejected_that_is_empty_too_long_or_not_unicode() {
        assertNull(UserIdEncoding.encode(""));
        assertNull(UserIdEncoding.encode("x".repeat(65)));
        assertNull(UserIdEncoding.encode("王".repeat(7)));
        assertNotEquals(null, UserIdEncoding.encode("王".repeat(6)));
        assertNull(UserIdEncoding.encode("\ud83d"));
    }

    @Test
    void a_user_id_that_the_encoding_never_returns_cannot_be_decoded() {
        for (String id : new String[] {"e--", "e--alice", "e--a_7c", "e--a_7", "e--a_xy", "e--_FF", "not an id"}) {
            assertNull(UserIdEncoding.decode(id), id);
        }
    }
}
