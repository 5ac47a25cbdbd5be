package dev.tidings.schemas.serde;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/** Protobuf messages as Kafka keys and values. Bytes that are not one raise {@link SerializationException}. */
public final class ProtoSerde {

    private ProtoSerde() {}

    public static <M extends MessageLite> Serde<M> of(Parser<M> parser) {
        return Serdes.serdeFrom(serializer(), deserializer(parser));
    }

    // Kafka hands null through both ways for records without a value.
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
