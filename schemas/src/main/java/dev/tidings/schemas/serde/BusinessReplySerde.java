package dev.tidings.schemas.serde;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.v1.BusinessReply;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** A serde for replies in the format that the header {@code content-type} names. Without the header: protobuf. */
public final class BusinessReplySerde {

    public static final String SOURCE = "source";
    public static final String CONTENT_TYPE = "content-type";
    public static final String PROTOBUF = "application/x-protobuf";
    public static final String JSON = "application/json";

    /**
     * A larger reply is in protobuf, in bytes of protobuf. JSON escapes a character of one byte as six, and six times this limit fits
     * into a Kafka record.
     */
    public static final int MAX_JSON_REPLY = 150_000;

    private BusinessReplySerde() {}

    public static Serde<BusinessReply> create() {
        return Serdes.serdeFrom(new ReplySerializer(), new ReplyDeserializer());
    }

    /**
     * Adds the headers of a reply.
     *
     * @param json whether the request is in JSON
     */
    public static void addHeaders(Headers headers, BusinessReply reply, boolean json) {
        String contentType = json && reply.getSerializedSize() <= MAX_JSON_REPLY ? JSON : PROTOBUF;
        headers.add(SOURCE, reply.getSource().getBytes(UTF_8)).add(CONTENT_TYPE, contentType.getBytes(UTF_8));
    }

    private static boolean isJson(@Nullable Headers headers) {
        Header contentType = headers == null ? null : headers.lastHeader(CONTENT_TYPE);
        return contentType != null && JSON.equals(new String(contentType.value(), UTF_8));
    }

    private static final class ReplySerializer implements Serializer<BusinessReply> {

        @Override
        public byte[] serialize(String topic, BusinessReply reply) {
            return reply.toByteArray();
        }

        @Override
        public byte[] serialize(String topic, Headers headers, BusinessReply reply) {
            return isJson(headers) ? ProtoJson.print(reply).getBytes(UTF_8) : serialize(topic, reply);
        }
    }

    private static final class ReplyDeserializer implements Deserializer<BusinessReply> {

        @Override
        public BusinessReply deserialize(String topic, byte[] bytes) {
            try {
                return BusinessReply.parseFrom(bytes);
            } catch (InvalidProtocolBufferException e) {
                throw new SerializationException("record of " + topic + " is not a BusinessReply", e);
            }
        }

        @Override
        public BusinessReply deserialize(String topic, Headers headers, byte[] bytes) {
            if (!isJson(headers)) {
                return deserialize(topic, bytes);
            }
            try {
                return ProtoJson.parse(new String(bytes, UTF_8), BusinessReply.newBuilder())
                        .build();
            } catch (InvalidProtocolBufferException e) {
                throw new SerializationException("record of " + topic + " is not a BusinessReply in JSON", e);
            }
        }
    }
}
