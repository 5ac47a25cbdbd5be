package dev.tidings.ops.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where a Redis server writes its process id while it runs; a server that was killed leaves it behind. */
record RedisPidFile(Path path) {

    /**
     * Waits for a server whose owner was killed: it takes a moment to end, and until then the data is its own.
     *
     * @throws StartFailedException where it still runs after {@code patience}
     */
    void awaitEnd(Duration patience) throws IOException {
        Optional<ProcessHandle> server = pid().flatMap(ProcessHandle::of)
                // The number may have passed to another program since.
                .filter(process -> process.info().command().orElse("").contains("redis"));
        if (server.isEmpty()) {
            return;
        }
        try {
            server.get().onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
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
