package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.connectors.clickhouse.row.ModerationCaseRow;
import dev.tidings.connectors.clickhouse.row.Table;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Content;
import dev.tidings.v1.Finding;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.TextContent;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CaseRowsTest {

    private static final ModerationCase CASE = ModerationCase.newBuilder()
            .setConversationId("g:x")
            .setSeq(9)
            .setMessageSeq(5)
            .setMessageId("m-5")
            .setSender("alice")
            .setContent(Content.newBuilder().setText(TextContent.newBuilder().setBody("darn example.com")))
            .addFindings(Finding.newBuilder()
                    .setKind(Finding.Kind.WORD)
                    .setMatch("darn")
                    .setAction(ModerationAction.MASK))
            .addFindings(Finding.newBuilder()
                    .setKind(Finding.Kind.LINK)
                    .setMatch("example.com")
                    .setActionValue(99))
            .setAt(Timestamps.fromMillis(1_774_000_000_123L))
            .build();

    @Test
    void a_case_is_a_row_with_its_findings_side_by_side() {
        assertEquals(
                new ModerationCaseRow(
                        "g:x",
                        9,
                        5,
                        "m-5",
                        "alice",
                        "text",
                        "darn example.com",
                        "{\"text\":{\"body\":\"darn example.com\"}}",
                        List.of("word", "link"),
                        List.of("darn", "example.com"),
                        List.of("mask", "unknown"),
                        1_774_000_000_123L),
                CaseRows.of(CASE.toByteArray()));
    }

    @Test
    void what_is_no_case_is_refused_with_the_reason() {
        assertRefused("no value", null);
        assertRefused("not a ModerationCase", new byte[] {(byte) 0xff, 1});
        assertRefused("names no conversation", new byte[0]);
        assertRefused("seq is 0", CASE.toBuilder().clearSeq().build().toByteArray());
        assertRefused(
                "time",
                CASE.toBuilder()
                        .setAt(Timestamp.newBuilder().setSeconds(20_000_000_000L))
                        .build()
                        .toByteArray());
    }

    @Test
    void a_batch_reads_each_topic_by_its_own_contract() {
        SinkRecord found = FakeSinkContext.record(Topics.MODERATION.name(), 1, CASE.toByteArray());
        SinkRecord garbage = FakeSinkContext.record(Topics.MODERATION.name(), 2, new byte[] {(byte) 0xff});

        Batch batch = Batch.of(List.of(found, garbage));

        assertEquals(List.of(Table.MODERATION_CASES), List.copyOf(batch.rows().keySet()));
        assertEquals(garbage, batch.poison().getFirst().record());
    }

    private static void assertRefused(String reason, byte @Nullable [] raw) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> CaseRows.of(raw));
        assertTrue(String.valueOf(refusal.getMessage()).contains(reason), refusal::toString);
    }
}
