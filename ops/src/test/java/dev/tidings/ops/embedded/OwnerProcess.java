package dev.tidings.ops.embedded;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs {@link OwnerMain} as a process of its own, to be killed with SIGKILL. */
record OwnerProcess(Process process, String url) implements AutoCloseable {

    static OwnerProcess start(String backend, Path dataDir, Path scratch) throws IOException {
        Path ready = scratch.resolve(OwnerMain.READY);
        Path output = scratch.resolve("owner.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OwnerMain.class.getName(),
                        backend,
                        dataDir.toString(),
                        ready.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await("owner of " + backend).atMost(Duration.ofMinutes(3)).until(() -> {
            if (!process.isAlive() && !Files.exists(ready)) {
                throw new IllegalStateException("the owner ended: " + Files.readString(output));
            }
            return Files.exists(ready);
        });
        return new OwnerProcess(process, Files.readString(ready));
    }

    List<ChildProcess> children() {
        return process.descendants()
                .map(ProcessHandle::pid)
                .map(ChildProcess::new)
                .toList();
    }

    /** Sends SIGKILL: no shutdown hook runs. */
    void killAndWait() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
