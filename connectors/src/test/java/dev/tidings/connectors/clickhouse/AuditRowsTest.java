package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.connectors.clickhouse.row.AuditRow;
import dev.tidings.connectors.clickhouse.row.Table;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditRowsTest {

    private static final AuditRecord ACT = AuditRecord.newBuilder()
            .setAuditId("command:0")
            .setAt(Timestamps.fromMillis(1_774_000_000_123L))
            .setSource("rest")
            .setOperator("ada")
            .setActor("alice")
            .setAction("group.mute_member")
            .setTarget("g:x")
            .addUserIds("bob")
            .setReason("spam")
            .setResult(AuditRecord.Result.REFUSED)
            .setRefusal(
                    Refusal.newBuilder().setReason(Refusal.Reason.NOT_A_MEMBER).setMessage("bob is not a member"))
            .setDetail("{}")
            .build();

    @Test
    void an_act_is_a_row_with_its_result() {
        assertEquals(
                new AuditRow(
                        "command:0",
                        1_774_000_000_123L,
                        "rest",
                        "ada",
                        "alice",
                        "group.mute_member",
                        "g:x",
                        List.of("bob"),
                        "spam",
                        "refused",
                        "not_a_member",
                        "bob is not a member",
                        "{}"),
                AuditRows.of(ACT.toByteArray()));
    }

    @Test
    void an_act_that_is_applied_has_no_refusal() {
        AuditRecord applied = ACT.toBuilder()
                .setResult(AuditRecord.Result.APPLIED)
                .clearRefusal()
                .build();

        AuditRow row = (AuditRow) AuditRows.of(applied.toByteArray());

        assertEquals("applied", row.result());
        assertEquals("", row.refusalReason());
    }

    @Test
    void an_invalid_record_is_refused_with_the_reason() {
        assertRefused("no value", null);
        assertRefused("not an AuditRecord", new byte[] {(byte) 0xff, 1});
        assertRefused("has no id", ACT.toBuilder().clearAuditId().build().toByteArray());
    }

    @Test
    void a_batch_writes_the_topic_to_its_table() {
        Batch batch = Batch.of(List.of(FakeSinkContext.record(Topics.AUDIT.name(), 1, ACT.toByteArray())));

        assertEquals(List.of(Table.AUDIT), List.copyOf(batch.rows().keySet()));
    }

    private static void assertRefused(String reason, byte @Nullable [] raw) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> AuditRows.of(raw));
        assertTrue(String.valueOf(refusal.getMessage()).contains(reason), refusal::toString);
    }
}
