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

/** What a role needs of its machine, checked before anything is started: it fails at once, and says what to change. */
public final class StartChecks {

    /** Below this, a broker or a store would soon stop in the middle of its work. */
    static final long MIN_FREE_BYTES = 512L << 20;

    private static final int PROBE_SECONDS = 10;

    private StartChecks() {}

    /**
     * @param key the setting that names the port
     * @throws StartFailedException where the port cannot be bound; 0 can always be
     */
    public static void port(String host, int port, String key) {
        if (port == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true); // as the server does: connections of the last run may linger
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new StartFailedException("host " + host + " of " + key + " is not known", e);
        } catch (IOException e) {
            throw new StartFailedException(
                    "port " + port + " on " + host + " cannot be used; set " + key + " to another one, or to 0 for any",
                    e);
        }
    }

    /** @throws StartFailedException where the file system has less room than 512 MB */
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
     * Libraries of RocksDB and of the codecs unpack native code there, so programs must be allowed to run from it.
     *
     * @throws StartFailedException where it cannot be written to, or is mounted noexec
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
                // an empty file that stays in the temporary directory harms no one
            }
        }
    }
}
