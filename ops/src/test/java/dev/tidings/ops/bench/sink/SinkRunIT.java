package dev.tidings.ops.bench.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class SinkRunIT {

    private static final int MESSAGES = Integer.getInteger("tidings.bench.messages", 20_000);

    @Test
    void measures_the_sink_and_raw_inserts_of_the_same_rows(@TempDir Path directory) throws Exception {
        SinkResult result = new SinkRun(MESSAGES, step -> {}).measure(directory);

        StringWriter report = new StringWriter();
        result.print(new PrintWriter(report, true));
        System.out.println(report);
        assertEquals(2L * MESSAGES, result.rows());
        assertTrue(result.sinkRowsPerSecond() > 0, report::toString);
        assertTrue(result.rawRowsPerSecond() > 0, report::toString);
        assertTrue(report.toString().contains("ratio"), report::toString);
    }
}
