package dev.tidings.ops.replay;

import static dev.tidings.ops.replay.Records.computed;
import static dev.tidings.ops.replay.Records.event;
import static dev.tidings.ops.replay.Records.recorded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tidings.ops.replay.ReplayReport.PartitionResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayReportTest {

    private static final List<PartitionResult> RESULTS =
            List.of(new PartitionResult(0, 12, 10, 8), new PartitionResult(1, 5, 5, 5));

    @Test
    void equal_events_are_reported_in_numbers_and_words() {
        ReplayFindings findings = new ReplayFindings();
        findings.equal();

        ReplayReport report = new ReplayReport(RESULTS, findings);

        assertTrue(report.isEqual());
        assertTrue(printed(report).contains("commands replayed            15"), printed(report));
        assertTrue(printed(report).endsWith("byte for byte.\n"), printed(report));
    }

    @Test
    void different_events_are_printed_with_both_versions() {
        ReplayReport report = new ReplayReport(RESULTS, changed());

        assertFalse(report.isEqual());
        assertTrue(
                printed(report)
                        .startsWith(
                                "different: partition 1, offset 3, conversation p:alice:bob, seq 7: value, from byte 9"),
                printed(report));
        assertTrue(printed(report).contains("DECIDES DIFFERENTLY"), printed(report));
    }

    @Test
    void the_report_is_valid_json() {
        JsonObject json = JsonParser.parseString(new ReplayReport(RESULTS, changed()).toJson())
                .getAsJsonObject();

        assertEquals(15, json.get("commandsReplayed").getAsLong());
        assertEquals(13, json.get("commandsCompared").getAsLong());
        assertEquals(1, json.get("different").getAsLong());
        JsonObject first = json.getAsJsonArray("first").get(0).getAsJsonObject();
        assertEquals("p:alice:bob", first.get("conversation").getAsString());
        assertEquals("a", first.getAsJsonObject("recorded").get("commandId").getAsString());
    }

    @Test
    void untrusted_text_cannot_control_the_terminal() {
        ReplayFindings findings = new ReplayFindings();
        findings.add(Finding.missing(0, recorded(event("\u001b[31m\u009b", "\u202e"))));

        String printed = printed(new ReplayReport(RESULTS, findings));

        assertTrue(printed.chars().noneMatch(c -> (Character.isISOControl(c) && c != '\n') || c == 0x202E), printed);
    }

    private static ReplayFindings changed() {
        ReplayFindings findings = new ReplayFindings();
        findings.add(Finding.different(
                1, recorded(event("a", "forged")), computed(event("a", "true")), "value, from byte 9"));
        return findings;
    }

    private static String printed(ReplayReport report) {
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text));
        return text.toString();
    }
}
