package dev.tidings.ops.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;

/** A process that starts one backend, reports it in a file and waits to be killed. */
final class OwnerMain {

    static final String READY = "ready";

    public static void main(String[] args) throws Exception {
        Path dataDir = Path.of(args[1]);
        String url = switch (args[0]) {
            case "kafka" -> EmbeddedKafka.start(dataDir, 0).bootstrapServers();
            case "redis" -> EmbeddedRedis.start(dataDir, 0).url();
            case "clickhouse" ->
                EmbeddedClickHouse.start(dataDir, 0, line -> {}).url();
            default -> throw new IllegalArgumentException(args[0]);
        };
        Path ready = Path.of(args[2]);
        Path writing = ready.resolveSibling(READY + ".writing");
        Files.writeString(writing, url);
        Files.move(writing, ready, StandardCopyOption.ATOMIC_MOVE);
        new CountDownLatch(1).await();
    }

    private OwnerMain() {}
}
