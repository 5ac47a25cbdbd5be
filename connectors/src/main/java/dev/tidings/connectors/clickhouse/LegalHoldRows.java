package dev.tidings.connectors.clickhouse;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.connectors.clickhouse.row.LegalHoldRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.v1.LegalHold;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.sink.SinkRecord;

/** Builds the row of a legal hold that is set or removed: a pure function of the record. */
final class LegalHoldRows {

    private LegalHoldRows() {}

    /**
     * @param record without a value: the hold is removed
     * @throws IllegalArgumentException if it is not a legal hold; the message says why
     */
    static Row of(SinkRecord record) {
        if (!(record.key() instanceof byte[] key) || key.length == 0) {
            throw new IllegalArgumentException("the legal hold has no subject");
        }
        if (record.timestamp() == null) {
            throw new IllegalArgumentException("the legal hold has no time");
        }
        LegalHold hold = record.value() instanceof byte[] value ? parse(value) : LegalHold.getDefaultInstance();
        return new LegalHoldRow(
                new String(key, StandardCharsets.UTF_8),
                record.kafkaOffset() + 1,
                record.value() != null,
                record.timestamp(),
                hold.getOperator(),
                hold.getReason());
    }

    private static LegalHold parse(byte[] raw) {
        try {
            return LegalHold.parseFrom(raw);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the value is not a LegalHold: " + e.getMessage(), e);
        }
    }
}
