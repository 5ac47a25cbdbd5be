package dev.tidings.connectors.clickhouse;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.connectors.clickhouse.row.ModerationCaseRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Finding;
import dev.tidings.v1.ModerationCase;
import org.jspecify.annotations.Nullable;

/** Builds the row of a moderation case: a pure function of the record's bytes. */
final class CaseRows {

    private CaseRows() {}

    /**
     * @param raw a record's value
     * @throws IllegalArgumentException if it is not a valid case; the message says why
     */
    static Row of(byte @Nullable [] raw) {
        if (raw == null) {
            throw new IllegalArgumentException("the record has no value");
        }
        ModerationCase found = parse(raw);
        if (found.getConversationId().isEmpty()) {
            throw new IllegalArgumentException("the case names no conversation");
        }
        if (found.getSeq() < 1) {
            throw new IllegalArgumentException("the case's seq is " + found.getSeq());
        }
        return new ModerationCaseRow(
                found.getConversationId(),
                found.getSeq(),
                found.getMessageSeq(),
                found.getMessageId(),
                found.getSender(),
                MessageRows.type(found.getContent()),
                MessageRows.text(found.getContent()),
                ProtoJson.print(found.getContent()),
                found.getFindingsList().stream()
                        .map(finding -> Values.name(finding.getKind()))
                        .toList(),
                found.getFindingsList().stream().map(Finding::getMatch).toList(),
                found.getFindingsList().stream()
                        .map(finding -> Values.name(finding.getAction()))
                        .toList(),
                Values.millis(found.getAt(), "the case's time"));
    }

    private static ModerationCase parse(byte[] raw) {
        try {
            return ModerationCase.parseFrom(raw);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the value is not a ModerationCase: " + e.getMessage(), e);
        }
    }
}
