package dev.tidings.ops.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.core.ExecutableProvider;

/** Finds an installed {@code redis-server}, or unpacks the bundled one. */
final class RedisExecutable {

    /**
     * Returns the installed server if there is one: the bundled one is older than most.
     *
     * @param unpackDir receives the bundled server
     * @throws StartFailedException if none is installed, and none is bundled for this machine
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
