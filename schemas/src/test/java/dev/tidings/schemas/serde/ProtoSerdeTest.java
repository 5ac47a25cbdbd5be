package dev.tidings.schemas.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.tidings.v1.Command;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SendMessage;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class ProtoSerdeTest {

    private static final Serde<Command> SERDE = ProtoSerde.of(Command.parser());

    @Test
    void a_message_survives_the_round_trip() {
        Command command = Command.newBuilder()
                .setCommandId("c1")
                .setMarkRead(MarkRead.newBuilder().setSeq(7))
                .build();

        assertEquals(
                command,
                SERDE.deserializer().deserialize("t", SERDE.serializer().serialize("t", command)));
    }

    @Test
    void invalid_bytes_throw_a_serialization_exception_that_names_the_topic() {
        byte[] bytes = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF};

        SerializationException raised = assertThrows(
                SerializationException.class, () -> SERDE.deserializer().deserialize("some-topic", bytes));
        assertTrue(String.valueOf(raised.getMessage()).contains("some-topic"));
    }

    @Test
    void a_text_that_is_not_utf_8_throws_a_serialization_exception() {
        byte[] commandIdOfOneBadByte = {0x0A, 0x01, (byte) 0xC3};

        assertThrows(SerializationException.class, () -> SERDE.deserializer().deserialize("t", commandIdOfOneBadByte));
    }

    @Test
    void unknown_fields_are_discarded_also_in_nested_messages() {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        99,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(new byte[1_000]))
                                .build())
                .build();
        Command known = Command.newBuilder()
                .setCommandId("c1")
                .setSendMessage(
                        SendMessage.newBuilder().setFlags(SendFlags.newBuilder().setNoPush(true)))
                .build();
        Command command = known.toBuilder()
                .setUnknownFields(unknown)
                .setSendMessage(SendMessage.newBuilder()
                        .setUnknownFields(unknown)
                        .setFlags(SendFlags.newBuilder().setNoPush(true).setUnknownFields(unknown)))
                .build();

        Serde<Command> discarding = ProtoSerde.discardingUnknownFields(Command.parser());

        assertEquals(command, SERDE.deserializer().deserialize("t", command.toByteArray()));
        assertEquals(known, discarding.deserializer().deserialize("t", command.toByteArray()));
    }

    @Test
    @SuppressWarnings("NullAway") // as Kafka does for a record without a value
    void a_null_value_stays_null() {
        assertNull(SERDE.serializer().serialize("t", null));
        assertNull(SERDE.deserializer().deserialize("t", (byte[]) null));
    }
}
