package dev.tidings.ops.run;

import dev.tidings.ops.embedded.StartFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Checks what a role needs of its machine before anything starts. A failure names the setting to change. */
public final class StartChecks {

    /** With less free space a broker or a state store would soon fail. */
    static final long MIN_FREE_BYTES = 512L << 20;

    private static final int PROBE_SECONDS = 10;

    private StartChecks() {}

    /**
     * Checks that a port is free. Port 0, which is any free one or none, always passes.
     *
     * @param key the setting of the port
     * @throws StartFailedException if the port cannot be bound
     */
    public static void port(String host, int port, String key) {
        if (port == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true); // as the server does: connections of the last run may be in TIME_WAIT
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new StartFailedException("host " + host + " of " + key + " is unknown", e);
        } catch (IOException e) {
            throw new StartFailedException(
                    "port " + port + " on " + host + " cannot be bound; set " + key
                            + " to another port, or to 0: operations.md says what it means",
                    e);
        }
    }

    /** @throws StartFailedException if the file system has less than 512 MB free */
    public static void freeSpace(Path directory) {
        freeSpace(directory, MIN_FREE_BYTES);
    }

    static void freeSpace(Path directory, long minFreeBytes) {
        try {
            Files.createDirectories(directory);
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < minFreeBytes) {
                throw new StartFailedException(directory + " has " + (free >> 20) + " MB free; at least "
                        + (minFreeBytes >> 20) + " MB are needed");
            }
        } catch (IOException e) {
            throw new StartFailedException(directory + " cannot be used", e);
        }
    }

    /**
     * Checks the temporary directory. RocksDB and the codecs unpack native libraries there.
     *
     * @throws StartFailedException if it is not writable, or mounted noexec
     */
    public static void temporaryDirectory() {
        temporaryDirectory(Path.of(System.getProperty("java.io.tmpdir")));
    }

    static void temporaryDirectory(Path directory) {
        Path probe = null;
        try {
            probe = Files.createTempFile(
                    directory,
                    "tidings-probe",
                    ".sh",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.writeString(probe, "#!/bin/sh\nexit 0\n");
            Process process = new ProcessBuilder(probe.toString()).start();
            if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw unusable(directory, new IOException("a program in it does not run"));
            }
        } catch (IOException e) {
            throw unusable(directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unusable(directory, e);
        } finally {
            delete(probe);
        }
    }

    private static StartFailedException unusable(Path directory, Exception cause) {
        return new StartFailedException(
                "the temporary directory " + directory + " must be writable and not mounted noexec; choose another one"
                        + " with TIDINGS_JAVA_OPTS=-Djava.io.tmpdir=DIR",
                cause);
    }

    private static void delete(@Nullable Path probe) {
        if (probe != null) {
            try {
                Files.deleteIfExists(probe);
            } catch (IOException e) {
                // a small file stays in the temporary directory
            }
        }
    }
}
