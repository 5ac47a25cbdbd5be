package dev.tidings.processors.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.tidings.processors.intake.ParsedRequest.Invalid;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ParsedRequestTest {

    @Test
    void the_summary_has_the_reason_without_quotations() {
        byte[] value = "{\"requestId\":\"r\",\"secret\":1}".getBytes(StandardCharsets.UTF_8);
        RecordHeaders headers = new RecordHeaders();
        headers.add("source", "billing".getBytes(StandardCharsets.UTF_8));

        Invalid invalid = assertInstanceOf(Invalid.class, BusinessCommandReader.read(value, headers));

        assertEquals("the value is not a BusinessCommand in JSON", invalid.summary());
        assertFalse(invalid.summary().contains("secret"));
        assertEquals("the record has no value", new Invalid("the record has no value").summary());
    }
}
