package dev.tidings.ops.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * A server program as a child process, in a session of its own, that is told to stop (SIGTERM) as soon as this process
 * closes it or ends in whatever way.
 *
 * <p>What binds the two is a pipe: the child's shell reads its standard input, which ends when the last writer, our
 * process, is gone. Nothing else has that property: shutdown hooks do not run on kill -9, and the kernel's parent-death
 * signal fires already when the thread that started the child ends. The session of its own keeps a Ctrl-C in the
 * terminal from the child, which must outlive the owner's own orderly stop.
 */
final class OwnedProcess {

    /** Waits for two things at once: the program's end, and the end of the pipe. */
    private static final String SHELL = """
            trap '' INT HUP
            exec 3<&0
            "$@" 3<&- </dev/null &
            program=$!
            ( read -r nothing <&3; kill -TERM $program ) 2>/dev/null &
            watcher=$!
            exec 3<&- </dev/null
            wait $program
            status=$?
            kill $watcher 2>/dev/null
            exit $status
            """;

    private final Process shell;

    private OwnedProcess(Process shell) {
        this.shell = shell;
    }

    /** @param output what the program prints is appended here */
    static OwnedProcess start(List<String> program, Path directory, Path output) throws IOException {
        List<String> command = new ArrayList<>();
        SearchPath.ofEnvironment().find("setsid").ifPresent(setsid -> command.add(setsid.toString()));
        command.addAll(List.of("sh", "-c", SHELL, "sh"));
        command.addAll(program);
        return new OwnedProcess(new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start());
    }

    boolean isAlive() {
        return shell.isAlive();
    }

    /** Runs once the program has ended, with its exit status, on a thread of the process machinery. */
    void onExit(IntConsumer action) {
        shell.onExit().thenAccept(ended -> {
            closePipe();
            action.accept(ended.exitValue());
        });
    }

    /** Asks the program to stop, waits, and kills what still runs after {@code patience}. */
    void stop(Duration patience) {
        closePipe();
        try {
            if (shell.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
    }

    private void closePipe() {
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            // it is closed
        }
    }
}
