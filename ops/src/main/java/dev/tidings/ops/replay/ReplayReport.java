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

/** What came of a replay, for people and for programs. */
public final class ReplayReport {

    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    private static final int LINE_LENGTH = 200;

    private final List<Stretch> stretches;
    private final Findings findings;

    /**
     * What was replayed of a partition.
     *
     * @param decided the offset that it was replayed up to: further commands were not decided yet
     * @param replayed commands, from the beginning
     * @param compared those of them whose events were compared
     */
    public record Stretch(int partition, long decided, long replayed, long compared) {}

    ReplayReport(List<Stretch> stretches, Findings findings) {
        this.stretches = List.copyOf(stretches);
        this.findings = findings;
    }

    /** Whether every event is as it was recorded. */
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
        print("commands replayed", sum(Stretch::replayed), out);
        print("commands compared", sum(Stretch::compared), out);
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
        report.addProperty("commandsReplayed", sum(Stretch::replayed));
        report.addProperty("commandsCompared", sum(Stretch::compared));
        report.addProperty("eventsCompared", findings.equalEvents() + findings.count(Kind.DIFFERENT));
        report.addProperty("equal", findings.equalEvents());
        for (Kind kind : Kind.values()) {
            report.addProperty(name(kind), findings.count(kind));
        }
        JsonArray partitions = new JsonArray();
        for (Stretch stretch : stretches) {
            JsonObject partition = new JsonObject();
            partition.addProperty("partition", stretch.partition());
            partition.addProperty("upToOffset", stretch.decided());
            partition.addProperty("commandsReplayed", stretch.replayed());
            partition.addProperty("commandsCompared", stretch.compared());
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
            return "THIS BUILD DOES NOT DECIDE AS IT WAS RECORDED.";
        }
        return findings.equalEvents() == 0
                ? "There was nothing to compare."
                : "This build decides as it was recorded, byte for byte.";
    }

    private long sum(ToLongFunction<Stretch> count) {
        return stretches.stream().mapToLong(count).sum();
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
