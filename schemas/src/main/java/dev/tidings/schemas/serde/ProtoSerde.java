package dev.tidings.schemas.serde;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/** Serdes for protobuf messages. Deserializing other bytes throws {@link SerializationException}. */
public final class ProtoSerde {

    private ProtoSerde() {}

    public static <M extends MessageLite> Serde<M> of(Parser<M> parser) {
        return Serdes.serdeFrom(serializer(), deserializer(parser));
    }

    /**
     * Discards unknown fields, also in nested messages. For records that clients and business systems cause: no check sees an unknown
     * field, so it must not get into further records.
     */
    public static <M extends Message> Serde<M> discardingUnknownFields(Parser<M> parser) {
        return of(DiscardUnknownFieldsParser.wrap(parser));
    }

    // Kafka passes null in both directions for records without a value.
    @SuppressWarnings("NullAway")
    private static <M extends MessageLite> Serializer<M> serializer() {
        return (topic, message) -> message == null ? null : message.toByteArray();
    }

    @SuppressWarnings("NullAway")
    private static <M extends MessageLite> Deserializer<M> deserializer(Parser<M> parser) {
        return (topic, bytes) -> {
            if (bytes == null) {
                return null;
            }
            try {
                return parser.parseFrom(bytes);
            } catch (InvalidProtocolBufferException e) {
                throw new SerializationException("record of " + topic + " is not the expected message", e);
            }
        };
    }
}
