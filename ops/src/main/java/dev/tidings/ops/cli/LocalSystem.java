package dev.tidings.ops.cli;

import dev.tidings.ops.run.AllInOne;
import dev.tidings.ops.run.Progress;
import dev.tidings.ops.run.RunningSystem;
import dev.tidings.schemas.settings.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A system on this machine, in the foreground: shows how it starts, lets other commands find it, stops on Ctrl-C. */
record LocalSystem(PrintWriter out, @Nullable Path data) {

    /** Data that is kept grows from start to start, and so does the state: on disk it may be larger than the heap. */
    private static final Map<String, String> KEPT = Map.of("processors.store", "rocksdb");

    /** How it is started. */
    interface Start {
        AllInOne start(Settings settings, Path data, Progress progress);
    }

    /** @return the exit code */
    int run(Settings settings, Start start) throws Exception {
        try (DataDirectory directory = DataDirectory.of(data)) {
            LogFile.in(directory.path());
            ConsoleProgress progress = new ConsoleProgress(out);
            progress.note("data in " + directory.path());
            Settings local = data == null ? settings : settings.withDefaults(KEPT);
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

    /** A running system that others know of. */
    private record Published(AllInOne system, RunningSystem notice) implements AutoCloseable {
        @Override
        public void close() {
            notice.close();
            system.close();
        }
    }
}
