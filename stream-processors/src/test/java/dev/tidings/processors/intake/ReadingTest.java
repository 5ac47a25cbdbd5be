package dev.tidings.processors.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.tidings.processors.intake.Reading.Poison;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ReadingTest {

    @Test
    void the_log_names_the_reason_and_quotes_nothing() {
        byte[] value = "{\"requestId\":\"r\",\"secret\":1}".getBytes(StandardCharsets.UTF_8);
        RecordHeaders headers = new RecordHeaders();
        headers.add("source", "billing".getBytes(StandardCharsets.UTF_8));

        Poison poison = assertInstanceOf(Poison.class, BusinessCommandReader.read(value, headers));

        assertEquals("the value is no BusinessCommand in JSON", poison.summary());
        assertFalse(poison.summary().contains("secret"));
        assertEquals("there is no value", new Poison("there is no value").summary());
    }
}
