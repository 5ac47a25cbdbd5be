package dev.tidings.connectors.clickhouse;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.connectors.clickhouse.row.AuditRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.v1.AuditRecord;
import org.jspecify.annotations.Nullable;

/** Builds the row of an administrative act: a pure function of the record's bytes. */
final class AuditRows {

    private AuditRows() {}

    /**
     * @param raw a record's value
     * @throws IllegalArgumentException if it is not a valid audit record; the message says why
     */
    static Row of(byte @Nullable [] raw) {
        if (raw == null) {
            throw new IllegalArgumentException("the record has no value");
        }
        AuditRecord audit = parse(raw);
        if (audit.getAuditId().isEmpty()) {
            throw new IllegalArgumentException("the audit record has no id");
        }
        return new AuditRow(
                audit.getAuditId(),
                Values.millis(audit.getAt(), "the time of the audit record"),
                audit.getSource(),
                audit.getOperator(),
                audit.getActor(),
                audit.getAction(),
                audit.getTarget(),
                audit.getUserIdsList(),
                audit.getReason(),
                Values.name(audit.getResult()),
                audit.hasRefusal() ? Values.name(audit.getRefusal().getReason()) : "",
                audit.getRefusal().getMessage(),
                audit.getDetail());
    }

    private static AuditRecord parse(byte[] raw) {
        try {
            return AuditRecord.parseFrom(raw);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the value is not an AuditRecord: " + e.getMessage(), e);
        }
    }
}
