package dev.tidings.ops.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The file in which a Redis server keeps its process id while it runs. A killed server leaves it behind. */
record RedisPidFile(Path path) {

    /**
     * Waits for the end of a server whose owner was killed: until then it uses the data.
     *
     * @throws StartFailedException if it still runs after the timeout
     */
    void awaitEnd(Duration timeout) throws IOException {
        Optional<ProcessHandle> server = pid().flatMap(ProcessHandle::of)
                // the process id may belong to another program now
                .filter(process -> process.info().command().orElse("").contains("redis"));
        if (server.isEmpty()) {
            return;
        }
        try {
            server.get().onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new StartFailedException("data directory " + path.getParent() + " is in use by redis-server, process "
                    + server.get().pid());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailedException("interrupted while waiting for the last redis-server to end", e);
        }
    }

    private Optional<Long> pid() throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.valueOf(Files.readString(path).strip()));
        } catch (NumberFormatException halfWritten) {
            return Optional.empty();
        }
    }
}
