package dev.tidings.ops.connect;

import dev.tidings.schemas.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A connect worker as a process of its own, so that a test can kill it. */
final class ConnectWorkerProcess {

    private ConnectWorkerProcess() {}

    static Process start(Map<String, String> settings, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ConnectWorkerProcess.class.getName()));
        settings.forEach((key, value) -> command.add(key + '=' + value));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(log.toString()))
                .start();
    }

    /** Runs until its parent closes the pipe or kills it. */
    public static void main(String[] args) throws IOException {
        Map<String, String> settings = new HashMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            settings.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        try (ConnectWorker worker = ConnectWorker.start(ConnectorsConfig.from(Settings.of(settings)))) {
            while (System.in.read() >= 0) {
                // waits for the end of the pipe
            }
        }
        System.exit(0);
    }
}
