package dev.tidings.ops.e2e;

import dev.tidings.ops.cli.Tidings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The output and the exit code of a command on the command line. */
record CommandLineRun(int exitCode, String out, String err) {

    /** The lines of its standard output. */
    List<String> lines() {
        return out.lines().toList();
    }

    /**
     * Runs a command in this process until it ends.
     *
     * @param directory gets its configuration file
     */
    static CommandLineRun of(Path directory, Map<String, String> settings, List<String> words) throws IOException {
        Path config = Files.createTempFile(directory, "config", ".properties");
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(config)) {
            properties.store(writer, "of a test");
        }
        List<String> all = new ArrayList<>(words);
        all.add("--config");
        all.add(config.toString());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Tidings.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        return new CommandLineRun(exitCode, out.toString(), err.toString());
    }
}
