package dev.tidings.ops.deadletters;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tidings.ops.log.Printable;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.BusinessCommand;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * The key or value of a record as text.
 *
 * @param form how it is shown, such as "JSON of Command" or "text"
 * @param text without control characters except line ends and tabs, so that it cannot control a terminal
 */
record ReadableValue(String form, String text) {

    /** The value of a record of this topic: JSON if it is a protobuf message, else text or a hex dump. */
    static ReadableValue of(@Nullable Topic<?, ?> topic, byte @Nullable [] value) {
        if (value == null) {
            return new ReadableValue("none", "");
        }
        if (topic != null && topic.equals(Topics.BUSINESS)) {
            String text = Printable.text(value);
            return text != null
                    ? new ReadableValue("text", text)
                    : messageOrBytes(BusinessCommand.getDefaultInstance(), value);
        }
        Message empty = topic == null ? null : emptyMessage(topic);
        return empty != null ? messageOrBytes(empty, value) : textOrBytes(value);
    }

    /** The key of a record of this topic: a number if the topic's keys are numbers, else text or a hex dump. */
    static ReadableValue ofKey(@Nullable Topic<?, ?> topic, byte @Nullable [] key) {
        if (key == null) {
            return new ReadableValue("none", "");
        }
        if (topic != null) {
            try {
                if (topic.key().deserializer().deserialize(topic.name(), key) instanceof Integer number) {
                    return new ReadableValue("number", number.toString());
                }
            } catch (SerializationException e) {
                // not a number: shown as text or bytes
            }
        }
        return textOrBytes(key);
    }

    /** Returns the topic of Tidings with this name, or null. */
    static @Nullable Topic<?, ?> topic(String name) {
        return Topics.ALL.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Returns an empty message of the topic's value type; null if the values are no protobuf messages. */
    static @Nullable Message emptyMessage(Topic<?, ?> topic) {
        return topic.value().deserializer().deserialize(topic.name(), new byte[0]) instanceof Message message
                ? message
                : null;
    }

    /** Returns the name of the topic's value type, such as Command. */
    static String nameOf(Topic<?, ?> topic) {
        Message empty = emptyMessage(topic);
        return empty == null ? "bytes" : empty.getDescriptorForType().getName();
    }

    private static ReadableValue messageOrBytes(Message empty, byte[] value) {
        try {
            Message message = empty.getParserForType().parseFrom(value);
            // only unknown fields: other bytes that happen to parse
            if (!message.getAllFields().isEmpty() || value.length == 0) {
                return new ReadableValue(
                        "JSON of " + empty.getDescriptorForType().getName(), Printable.json(ProtoJson.print(message)));
            }
        } catch (InvalidProtocolBufferException e) {
            // shown as bytes
        }
        return textOrBytes(value);
    }

    private static ReadableValue textOrBytes(byte[] bytes) {
        String text = Printable.text(bytes);
        return text != null ? new ReadableValue("text", text) : new ReadableValue("hex", Printable.dump(bytes));
    }
}
