package dev.tidings.ops.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * A server program as a child process in its own session. It receives SIGTERM when this process closes it, or ends for any reason.
 *
 * <p>A pipe connects both: the child's shell reads its standard input, which ends with its only writer, this process. Shutdown hooks
 * do not run on kill -9, and the kernel's parent-death signal fires when the thread that started the child ends. The separate session
 * keeps a Ctrl-C in the terminal from the child, which must run until the owner has stopped.
 */
final class OwnedProcess {

    /** Waits for the end of the program and for the end of the pipe at the same time. */
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

    /** @param output file to which the output of the program is appended */
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

    /** Registers an action that runs with the exit status once the program has ended, on another thread. */
    void onExit(IntConsumer action) {
        shell.onExit().thenAccept(ended -> {
            closePipe();
            action.accept(ended.exitValue());
        });
    }

    /** Asks the program to stop, and kills it after the timeout. */
    void stop(Duration timeout) {
        closePipe();
        try {
            if (shell.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
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
            // it is closed already
        }
    }
}
