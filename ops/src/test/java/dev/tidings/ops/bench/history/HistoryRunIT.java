package dev.tidings.ops.bench.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class HistoryRunIT {

    private static final int MESSAGES = 100_000;
    private static final int READS = 5;

    @Test
    void generated_messages_are_read_and_found_and_each_plan_uses_an_index(@TempDir Path directory) throws Exception {
        HistoryResult result = new HistoryRun(MESSAGES, READS, step -> {}).measure(directory);

        StringWriter report = new StringWriter();
        result.print(new PrintWriter(report, true));
        assertEquals(6, result.reads().size());
        HistoryResult.Read lastPage = result.reads().getFirst();
        assertEquals(50L * READS, lastPage.results(), report::toString);
        result.reads().stream()
                .filter(read -> !read.name().startsWith("rare"))
                .forEach(read -> assertTrue(read.results() > 0, report::toString));
        result.reads()
                .forEach(read -> assertTrue(
                        String.join("\n", result.plans().get(read.name())).contains("Granules: "), report::toString));
        System.out.println(report);
    }
}
