package dev.tidings.schemas.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.Command;
import dev.tidings.v1.MarkRead;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class ProtoSerdeTest {

    private static final Serde<Command> SERDE = ProtoSerde.of(Command.parser());

    @Test
    void a_message_reads_back_equal() {
        Command command = Command.newBuilder()
                .setCommandId("c1")
                .setMarkRead(MarkRead.newBuilder().setSeq(7))
                .build();

        assertEquals(
                command,
                SERDE.deserializer().deserialize("t", SERDE.serializer().serialize("t", command)));
    }

    @Test
    void bytes_that_are_no_message_raise_a_serialization_exception_that_names_the_topic() {
        byte[] bytes = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF};

        SerializationException raised = assertThrows(
                SerializationException.class, () -> SERDE.deserializer().deserialize("some-topic", bytes));
        assertTrue(String.valueOf(raised.getMessage()).contains("some-topic"));
    }

    @Test
    void a_text_that_is_not_utf_8_raises_a_serialization_exception() {
        byte[] commandIdOfOneBadByte = {0x0A, 0x01, (byte) 0xC3};

        assertThrows(SerializationException.class, () -> SERDE.deserializer().deserialize("t", commandIdOfOneBadByte));
    }

    @Test
    @SuppressWarnings("NullAway") // as Kafka does for a record without a value
    void no_value_stays_no_value() {
        assertNull(SERDE.serializer().serialize("t", null));
        assertNull(SERDE.deserializer().deserialize("t", (byte[]) null));
    }
}
