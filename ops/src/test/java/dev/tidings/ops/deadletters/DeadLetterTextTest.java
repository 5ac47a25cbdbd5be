package dev.tidings.ops.deadletters;

import static dev.tidings.ops.deadletters.Letters.fromIntake;
import static dev.tidings.ops.deadletters.Letters.fromTopology;
import static dev.tidings.ops.deadletters.Letters.letter;
import static dev.tidings.ops.deadletters.Letters.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.Command;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DeadLetterTextTest {

    @Test
    void a_letter_is_one_line() {
        assertEquals(
                "9\t2023-11-14T22:13:20Z\ttidings.business/4/17\tno JSON",
                DeadLetterText.line(fromIntake("tidings.business", utf8("{"))));
    }

    @Test
    void a_letter_without_an_origin_is_one_line() {
        assertEquals("9\t2023-11-14T22:13:20Z\t?\tno reason given", DeadLetterText.line(letter(null, null)));
    }

    @Test
    void untrusted_text_stays_on_the_line() {
        String line = DeadLetterText.line(letter(
                utf8("k"), utf8("v"), "tidings.topic", "x\n\ty", "tidings.partition", "1", "tidings.offset", "2"));

        assertEquals("9\t2023-11-14T22:13:20Z\tx y/1/2\tno reason given", line);
    }

    @Test
    void json_of_a_business_system_is_shown_unchanged() {
        String shown = shown(fromIntake("tidings.business", utf8("{\"requestId\": 1\n")));

        assertTrue(shown.contains("value (text)\n  {\"requestId\": 1\n"), shown);
        assertTrue(shown.contains("headers it had\n  source: billing\n"), shown);
        assertTrue(shown.contains("key (text)\n  key\n"), shown);
    }

    @Test
    void protobuf_of_a_business_system_is_shown_as_json() {
        byte[] value = BusinessCommand.newBuilder().setActor("\u001b").build().toByteArray();

        String shown = shown(fromIntake("tidings.business", value));

        assertTrue(shown.contains("value (JSON of BusinessCommand)\n  {\"actor\":\"\\u001b\"}\n"), shown);
    }

    @Test
    void a_message_of_the_topic_is_shown_as_json() {
        byte[] value = Command.newBuilder().setActor("alice").build().toByteArray();

        String shown = shown(fromTopology("tidings.commands", utf8("p:alice:bob"), value));

        assertTrue(shown.contains("value (JSON of Command)\n  {\"actor\":\"alice\"}\n"), shown);
    }

    @Test
    void keys_that_are_numbers_are_shown_as_numbers() {
        String shown = shown(fromTopology("tidings.inbox", new byte[] {0, 0, 0, 5}, new byte[] {(byte) 0xFF}));

        assertTrue(shown.contains("key (number)\n  5\n"), shown);
        assertTrue(shown.contains("value (hex)\n  00000000  ff "), shown);
    }

    @Test
    void a_letter_without_key_and_value_is_shown() {
        String shown = shown(letter(null, null));

        assertTrue(shown.endsWith("key (none)\nvalue (none)\n"), shown);
    }

    private static String shown(DeadLetterRecord letter) {
        StringWriter text = new StringWriter();
        DeadLetterText.print(letter, new PrintWriter(text));
        return text.toString();
    }
}
