package dev.tidings.ops.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

        for (String table : List.of("events", "messages", "message_changes", "receipts", "reads")) {
            sinks.execute("OPTIMIZE TABLE tidings." + table + " FINAL");
        }

        assertEquals(List.of("g:team 1", "g:team 2", "r:lobby 3"), positions("events", "seq"));
        assertEquals(List.of("g:team 1", "r:lobby 3"), positions("messages", "seq"));
        assertEquals(List.of("g:team 1"), positions("message_changes", "message_seq"));
        assertEquals(List.of(), positions("receipts", "seq"));
        assertEquals(List.of("g:team 1"), positions("reads", "read_seq"));
        assertEquals(List.of("r:lobby 4"), positions("deleted_ranges", "last_seq"));
        assertEquals(List.of(), sinks.column("SELECT conversation_id FROM tidings.sequence_gaps"));
    }

    @Test
    void a_start_changes_only_what_differs() {
        String changes = "SELECT toString(count()) FROM system.mutations WHERE database = 'tidings'";
        sinks.putIntoClickHouse(List.of(sentBefore(Duration.ZERO, Events.message("r:lobby", 1))));
        List<String> before = sinks.column(changes);

        sinks.restartClickHouseSink(ROOMS_30_DAYS_RECEIPTS_90);
        assertEquals(before, sinks.column(changes));
        assertEquals(
                List.of("toDateTime(sent_at) + toIntervalDay(30) WHERE startsWith(conversation_id, 'r:')"),
                ttl("events"));

        sinks.restartClickHouseSink(Map.of("clickhouse.retention.private.days", "365"));
        assertEquals(
                List.of("toDateTime(sent_at) + toIntervalDay(365) WHERE startsWith(conversation_id, 'p:')"),
                ttl("events"));
        assertEquals(List.of(""), ttl("receipts"));
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
