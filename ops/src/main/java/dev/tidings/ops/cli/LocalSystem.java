package dev.tidings.ops.cli;

import dev.tidings.ops.logging.LogFile;
import dev.tidings.ops.logging.LogSettings;
import dev.tidings.ops.run.AllInOne;
import dev.tidings.ops.run.Progress;
import dev.tidings.ops.run.RunningSystem;
import dev.tidings.schemas.settings.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a system on this machine in the foreground: prints its progress, publishes its addresses for other commands, and stops it
 * on Ctrl-C.
 *
 * @param role the command that runs it, for its log
 * @param data the data directory; null: a temporary one
 */
record LocalSystem(String role, PrintWriter out, @Nullable Path data) {

    /** Defaults with a data directory: kept state grows, and on disk it can outgrow the heap. */
    private static final Map<String, String> WITH_DATA = Map.of("processors.store", "rocksdb");

    /** Starts a system. */
    interface Start {
        AllInOne start(Settings settings, Path data, Progress progress);
    }

    /** Runs until the process is stopped or the system fails. Returns the exit code. */
    int run(Settings settings, Start start) throws Exception {
        try (DataDirectory directory = DataDirectory.of(data)) {
            LogFile.inDataDirectory(directory.path(), LogSettings.from(settings).format(), role);
            ConsoleProgress progress = new ConsoleProgress(out);
            progress.note("data in " + directory.path());
            Settings local = data == null ? settings : settings.withDefaults(WITH_DATA);
            return UntilStopped.run(
                    () -> published(start.start(local, directory.path(), progress), progress),
                    published -> published.system().failed());
        }
    }

    private static Published published(AllInOne running, ConsoleProgress progress) {
        Published published =
                new Published(running, RunningSystem.publish(SettingsOptions.runDirectory(), running.settings()));
        progress.addresses(running.settings());
        return published;
    }

    /** A running system and the file that publishes its addresses. */
    private record Published(AllInOne system, RunningSystem notice) implements AutoCloseable {
        @Override
        public void close() {
            notice.close();
            system.close();
        }
    }
}
