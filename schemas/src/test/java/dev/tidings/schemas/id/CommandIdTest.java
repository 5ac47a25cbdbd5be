package dev.tidings.schemas.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CommandIdTest {

    @Test
    void an_id_is_a_version_7_uuid_for_all_random_bits() {
        for (long bits : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x1234_5678_9ABC_DEF0L}) {
            UUID id = UUID.fromString(CommandId.of(1_700_000_000_000L, bits, ~bits));

            assertEquals(7, id.version());
            assertEquals(2, id.variant());
        }
    }

    @Test
    void the_first_48_bits_are_the_creation_time_in_milliseconds() {
        UUID id = UUID.fromString(CommandId.of(1_700_000_000_123L, -1, -1));

        assertEquals(1_700_000_000_123L, id.getMostSignificantBits() >>> 16);
    }

    @Test
    void all_random_bits_are_used() {
        assertEquals("018bcfe5-687b-7fff-bfff-ffffffffffff", CommandId.of(1_700_000_000_123L, -1, -1));
        assertEquals("018bcfe5-687b-7000-8000-000000000000", CommandId.of(1_700_000_000_123L, 0, 0));
    }

    @Test
    void ids_sort_by_creation_time() {
        String earlier = CommandId.of(0x0FFF_FFFFL, -1, -1);
        String later = CommandId.of(0x1000_0000L, 0, 0);

        assertTrue(earlier.compareTo(later) < 0);
    }

    @Test
    void a_record_has_the_same_id_each_time_it_is_read() {
        String id = CommandId.ofRecord("tidings.business", 3, 42, 1_700_000_000_123L);

        assertEquals(id, CommandId.ofRecord("tidings.business", 3, 42, 1_700_000_000_123L));
        assertEquals(8, UUID.fromString(id).version());
        assertEquals(2, UUID.fromString(id).variant());
        assertEquals(1_700_000_000_123L, UUID.fromString(id).getMostSignificantBits() >>> 16);
    }

    @Test
    void different_records_have_different_ids() {
        Set<String> seen = new HashSet<>();
        for (int partition = 0; partition < 10; partition++) {
            for (int offset = 0; offset < 1_000; offset++) {
                assertTrue(seen.add(CommandId.ofRecord("tidings.business", partition, offset, 1_700_000_000_123L)));
            }
        }
        assertTrue(seen.add(CommandId.ofRecord("tidings.business", 0, 0, 1_700_000_000_124L)));
        assertTrue(seen.add(CommandId.ofRecord("other.business", 0, 0, 1_700_000_000_123L)));
    }

    @Test
    void different_commands_of_one_record_have_different_ids() {
        Set<String> seen = new HashSet<>();
        seen.add(CommandId.ofRecord("tidings.business", 0, 1, 1_700_000_000_123L));
        for (int index = 0; index < 10_000; index++) {
            assertTrue(seen.add(CommandId.ofRecord("tidings.business", 0, 1, index, 1_700_000_000_123L)));
        }
        assertTrue(seen.add(CommandId.ofRecord("tidings.business", 0, 11, 1_700_000_000_123L)));
    }

    @Test
    void new_ids_are_distinct() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertTrue(seen.add(CommandId.next()));
        }
    }
}
