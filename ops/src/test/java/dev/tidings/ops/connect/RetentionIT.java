package dev.tidings.ops.connect;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.ConversationEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The retention of ClickHouse's tables, on the real engine. */
@Timeout(180)
class RetentionIT {

    private static final Map<String, String> ROOMS_30_DAYS_RECEIPTS_90 =
            Map.of("clickhouse.retention.room.days", "30", "clickhouse.retention.receipts.days", "90");

    private DrivenSinks sinks;

    @BeforeEach
    void start(@TempDir Path directory) {
        sinks = DrivenSinks.start(directory, ROOMS_30_DAYS_RECEIPTS_90);
    }

    @AfterEach
    void stop() {
        sinks.close();
    }

    @Test
    void rows_past_their_retention_are_deleted_and_all_others_stay() throws Exception {
        sinks.putIntoClickHouse(List.of(
                Events.message("r:lobby", 1),
                Events.message("r:lobby", 2),
                sentBefore(Duration.ofDays(29), Events.message("r:lobby", 3)),
                Events.edit("r:lobby", 4, 2),
                Events.message("g:team", 1),
                Events.edit("g:team", 2, 1),
                Events.read("g:team", "carol", 1)));

        optimize();

        assertEquals(List.of("g:team 1", "g:team 2", "r:lobby 3"), positions("events", "seq"));
        assertEquals(List.of("g:team 1", "r:lobby 3"), positions("messages", "seq"));
        assertEquals(List.of("g:team 1"), positions("message_changes", "message_seq"));
        assertEquals(List.of(), positions("receipts", "seq"));
        assertEquals(List.of("g:team 1"), positions("reads", "read_seq"));
        assertEquals(List.of("r:lobby 4"), positions("deleted_ranges", "last_seq"));
        assertEquals(List.of(), sinks.column("SELECT conversation_id FROM tidings.sequence_gaps"));
    }

    @Test
    void a_legal_hold_keeps_the_rows_of_a_conversation_and_of_a_user_until_it_is_removed() throws Exception {
        sinks.putHold("conversation:r:held", true);
        sinks.putHold("user:alice", true);
        sinks.putIntoClickHouse(List.of(
                Events.message("r:held", 1),
                Events.message("r:held", 2),
                Events.message("r:lobby", 1), // of alice
                Events.message("r:lobby", 2),
                Events.read("r:held", "carol", 1),
                Events.read("r:lobby", "carol", 1)));
        optimize();

        assertEquals(List.of("r:held 1", "r:held 2", "r:lobby 1"), positions("events", "seq"));
        assertEquals(List.of("r:held 1", "r:held 2", "r:lobby 1"), positions("messages", "seq"));
        assertEquals(List.of("r:held 1"), positions("receipts", "seq"));

        sinks.putHold("conversation:r:held", false);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            // the first message of r:held is of alice, too
            assertEquals(List.of("r:held 1", "r:lobby 1"), positions("events", "seq"));
            assertEquals(List.of("r:held 1", "r:lobby 1"), positions("messages", "seq"));
            assertEquals(List.of(), positions("receipts", "seq"));
        });
    }

    @Test
    void events_stay_while_the_end_of_their_retention_is_not_recorded() throws Exception {
        sinks.execute("TRUNCATE TABLE tidings.retention_runs");
        sinks.putIntoClickHouse(List.of(Events.message("r:lobby", 1), Events.message("r:lobby", 2)));
        optimize();
        assertEquals(List.of("r:lobby 1", "r:lobby 2"), positions("events", "seq"));

        sinks.startHousekeeping();

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertEquals(List.of(), positions("events", "seq")));
        assertEquals(List.of("r:lobby 2"), positions("deleted_ranges", "last_seq"));
    }

    @Test
    void a_start_changes_only_what_differs() {
        String changes = "SELECT toString(count()) FROM system.mutations WHERE database = 'tidings'";
        sinks.putIntoClickHouse(List.of(sentBefore(Duration.ZERO, Events.message("r:lobby", 1))));
        List<String> before = sinks.column(changes);

        sinks.restartClickHouseSink(ROOMS_30_DAYS_RECEIPTS_90);
        assertEquals(before, sinks.column(changes));
        assertTrue(ttl("events")
                .getFirst()
                .startsWith("toDateTime(sent_at) + toIntervalDay(30) WHERE startsWith(conversation_id, 'r:') AND "));

        sinks.restartClickHouseSink(Map.of("clickhouse.retention.private.days", "365"));
        assertTrue(ttl("events")
                .getFirst()
                .startsWith("toDateTime(sent_at) + toIntervalDay(365) WHERE startsWith(conversation_id, 'p:') AND "));
        assertEquals(List.of(""), ttl("receipts"));
    }

    private void optimize() throws Exception {
        for (String table : List.of("events", "messages", "message_changes", "receipts", "reads")) {
            sinks.execute("OPTIMIZE TABLE tidings." + table + " FINAL");
        }
    }

    private List<String> positions(String table, String seqColumn) {
        return sinks.column("SELECT concat(conversation_id, ' ', toString(" + seqColumn + ")) FROM tidings." + table
                + " FINAL ORDER BY conversation_id, " + seqColumn);
    }

    private List<String> ttl(String table) {
        return sinks.column("SELECT extract(engine_full, ' TTL (.*) SETTINGS ') FROM system.tables"
                + " WHERE database = 'tidings' AND name = '" + table + "'");
    }

    private static ConversationEvent sentBefore(Duration age, ConversationEvent event) {
        return event.toBuilder()
                .setSentAt(Timestamps.fromMillis(System.currentTimeMillis() - age.toMillis()))
                .build();
    }
}
