package dev.tidings.ops.replay;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tidings.ops.log.Printable;
import dev.tidings.ops.replay.Finding.Kind;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The result of a replay, as text for people and as JSON for programs. */
public final class ReplayReport {

    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    private static final int LINE_LENGTH = 200;

    private final List<PartitionResult> partitionResults;
    private final ReplayFindings findings;

    /**
     * The counts of one partition.
     *
     * @param decided the offset after the last replayed command; later commands have no committed decision
     * @param replayed number of commands replayed
     * @param compared number of commands whose events were compared
     */
    public record PartitionResult(int partition, long decided, long replayed, long compared) {}

    ReplayReport(List<PartitionResult> partitionResults, ReplayFindings findings) {
        this.partitionResults = List.copyOf(partitionResults);
        this.findings = findings;
    }

    /** Whether all compared events are equal. */
    public boolean isEqual() {
        for (Kind kind : Kind.values()) {
            if (findings.count(kind) > 0) {
                return false;
            }
        }
        return true;
    }

    public void print(PrintWriter out) {
        for (Finding finding : findings.first()) {
            print(finding, out);
        }
        print("commands replayed", sum(PartitionResult::replayed), out);
        print("commands compared", sum(PartitionResult::compared), out);
        print("events compared", findings.equalEvents() + findings.count(Kind.DIFFERENT), out);
        print("equal", findings.equalEvents(), out);
        for (Kind kind : Kind.values()) {
            print(name(kind), findings.count(kind), out);
        }
        out.println();
        out.println(verdict());
        out.flush();
    }

    public String toJson() {
        JsonObject report = new JsonObject();
        report.addProperty("commandsReplayed", sum(PartitionResult::replayed));
        report.addProperty("commandsCompared", sum(PartitionResult::compared));
        report.addProperty("eventsCompared", findings.equalEvents() + findings.count(Kind.DIFFERENT));
        report.addProperty("equal", findings.equalEvents());
        for (Kind kind : Kind.values()) {
            report.addProperty(name(kind), findings.count(kind));
        }
        JsonArray partitions = new JsonArray();
        for (PartitionResult result : partitionResults) {
            JsonObject partition = new JsonObject();
            partition.addProperty("partition", result.partition());
            partition.addProperty("upToOffset", result.decided());
            partition.addProperty("commandsReplayed", result.replayed());
            partition.addProperty("commandsCompared", result.compared());
            partitions.add(partition);
        }
        report.add("partitions", partitions);
        JsonArray first = new JsonArray();
        findings.first().forEach(finding -> first.add(json(finding)));
        report.add("first", first);
        return GSON.toJson(report) + '\n';
    }

    private String verdict() {
        if (!isEqual()) {
            return "THIS BUILD DECIDES DIFFERENTLY FROM THE RECORD.";
        }
        return findings.equalEvents() == 0
                ? "There was nothing to compare."
                : "This build decides as recorded, byte for byte.";
    }

    private long sum(ToLongFunction<PartitionResult> count) {
        return partitionResults.stream().mapToLong(count).sum();
    }

    private static void print(String name, long count, PrintWriter out) {
        out.printf(Locale.ROOT, "%-18s %12d%n", name, count);
    }

    private static void print(Finding finding, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s: partition %d%s, conversation %s, seq %d%s%n",
                name(finding.kind()),
                finding.partition(),
                finding.offset() == null ? "" : ", offset " + finding.offset(),
                Printable.oneLine(finding.conversation(), LINE_LENGTH),
                finding.seq(),
                finding.difference() == null ? "" : ": " + Printable.oneLine(finding.difference(), LINE_LENGTH));
        printEvent("recorded", finding.recorded(), out);
        printEvent("computed", finding.computed(), out);
        out.println();
    }

    private static void printEvent(String title, @Nullable String json, PrintWriter out) {
        if (json != null) {
            out.println("  " + title + "  " + json);
        }
    }

    private static JsonObject json(Finding finding) {
        JsonObject json = new JsonObject();
        json.addProperty("kind", name(finding.kind()));
        json.addProperty("partition", finding.partition());
        json.addProperty("offset", finding.offset());
        json.addProperty("conversation", finding.conversation());
        json.addProperty("seq", finding.seq());
        json.addProperty("difference", finding.difference());
        json.add("recorded", parsed(finding.recorded()));
        json.add("computed", parsed(finding.computed()));
        return json;
    }

    private static JsonElement parsed(@Nullable String json) {
        return json == null ? JsonNull.INSTANCE : JsonParser.parseString(json);
    }

    private static String name(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
