package dev.tidings.ops.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChdbLibraryIT {

    @TempDir
    Path cache;

    private final CountingSource source = new CountingSource();

    @Test
    void concurrentRequestsFetchOnce() throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
            List<Future<Path>> installs = IntStream.range(0, 4)
                    .mapToObj(_ -> executor.submit(() -> new ChdbLibrary(cache, source).install(line -> {})))
                    .toList();
            for (Future<Path> install : installs) {
                assertEquals("library", Files.readString(install.get()));
            }
        }
        assertEquals(1, source.fetches.get());
    }

    @Test
    void aFailedFetchLeavesNoFileAndTheNextOneSucceeds() throws Exception {
        ChdbLibrary failing = new ChdbLibrary(cache, new CountingSource() {
            @Override
            public Path fetch(Path work, Consumer<String> progress) throws IOException {
                super.fetch(work, progress);
                throw new StartFailedException("refused");
            }
        });
        assertThrows(StartFailedException.class, () -> failing.install(line -> {}));
        assertEquals(List.of("install.lock"), entries());

        Files.createDirectories(cache.resolve("unfinished-of-the-killed").resolve("deep"));
        new ChdbLibrary(cache, source).install(line -> {});
        assertEquals(List.of("1", "install.lock"), entries());
    }

    @Test
    void anArchiveWithAnotherChecksumIsRejected() throws Exception {
        Path archive = Files.writeString(cache.resolve("archive.tgz"), "something else");
        NpmPackage pinned = new NpmPackage("name", "1", "sha512-AAAA", "file");
        StartFailedException refusal = assertThrows(StartFailedException.class, () -> pinned.check(archive));
        assertTrue(String.valueOf(refusal.getMessage()).contains("is expected"));
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Makes a library file and counts its calls. */
    private static class CountingSource implements ChdbLibrary.Source {

        final AtomicInteger fetches = new AtomicInteger();

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Path fetch(Path work, Consumer<String> progress) throws IOException {
            fetches.incrementAndGet();
            return Files.writeString(work.resolve("fetched"), "library");
        }
    }
}
