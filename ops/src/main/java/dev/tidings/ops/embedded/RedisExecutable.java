package dev.tidings.ops.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.core.ExecutableProvider;

/** Finds a {@code redis-server}, even where none is installed. */
final class RedisExecutable {

    /**
     * @param unpackDir where the bundled server, older than most installed ones, goes when there is no other
     * @throws StartFailedException where none is installed and none is bundled for this machine
     */
    static Path find(SearchPath searchPath, Path unpackDir) {
        return searchPath.find("redis-server").orElseGet(() -> bundled(unpackDir));
    }

    private static Path bundled(Path unpackDir) {
        try {
            Files.createDirectories(unpackDir);
            return ExecutableProvider.newJarResourceProvider(unpackDir.toFile())
                    .get()
                    .toPath()
                    .toAbsolutePath();
        } catch (IOException | RuntimeException e) {
            throw new StartFailedException("there is no redis-server on PATH, and none is bundled for this machine", e);
        }
    }

    private RedisExecutable() {}
}
