package dev.tidings.connectors.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.connectors.clickhouse.row.LegalHoldRow;
import dev.tidings.connectors.clickhouse.row.Table;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.LegalHold;
import java.util.List;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LegalHoldRowsTest {

    private static final String SUBJECT = "conversation:g:team";

    @Test
    void a_hold_that_is_set_has_its_operator_and_reason() {
        LegalHold hold = LegalHold.newBuilder()
                .setConversationId("g:team")
                .setOperator("root")
                .setReason("case 7")
                .build();

        assertEquals(
                new LegalHoldRow(SUBJECT, 1, true, 1_000, "root", "case 7"),
                onlyRow(record(SUBJECT.getBytes(UTF_8), hold.toByteArray(), 0, 1_000L)));
    }

    @Test
    void a_record_without_a_value_removes_the_hold() {
        assertEquals(
                new LegalHoldRow(SUBJECT, 8, false, 2_000, "", ""),
                onlyRow(record(SUBJECT.getBytes(UTF_8), null, 7, 2_000L)));
    }

    @Test
    void a_record_without_a_subject_or_a_time_or_with_another_value_is_poison() {
        byte[] hold = LegalHold.newBuilder().setUserId("alice").build().toByteArray();
        byte[] subject = "user:alice".getBytes(UTF_8);

        Batch batch = Batch.of(List.of(
                record(null, hold, 0, 1_000L),
                record(subject, hold, 1, null),
                record(subject, new byte[] {1, 2}, 2, 1_000L)));

        assertEquals(3, batch.poison().size());
        assertTrue(batch.rows().isEmpty());
    }

    private static Object onlyRow(SinkRecord record) {
        return Batch.of(List.of(record))
                .rows()
                .getOrDefault(Table.LEGAL_HOLDS, List.of())
                .getFirst()
                .row();
    }

    private static SinkRecord record(
            byte @Nullable [] key, byte @Nullable [] value, long offset, @Nullable Long millis) {
        return new SinkRecord(
                Topics.LEGAL_HOLDS.name(), 0, null, key, null, value, offset, millis, TimestampType.CREATE_TIME);
    }
}
