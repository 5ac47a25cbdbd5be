package dev.tidings.ops.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Locks a data directory for one owner. The operating system releases it when the owner's process ends. */
public final class DirectoryLock implements AutoCloseable {

    private static final String FILE = "owner.lock";
    /** The file that a broker locks in each of its log directories. */
    private static final String BROKER_FILE = ".lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks the directory. Creates it if it does not exist.
     *
     * @throws StartFailedException if another owner, in this process or another, holds it
     */
    public static DirectoryLock hold(Path directory) {
        return hold(directory, FILE);
    }

    /**
     * Locks a log directory of Kafka as its broker does.
     *
     * @throws StartFailedException if a broker, in this process or another, holds it
     */
    public static DirectoryLock holdAsBroker(Path logDirectory) {
        return hold(logDirectory, BROKER_FILE);
    }

    private static DirectoryLock hold(Path directory, String file) {
        FileChannel channel = null;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(directory.resolve(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) != null) {
                return new DirectoryLock(channel);
            }
            channel.close();
        } catch (IOException e) {
            closeQuietly(channel);
            throw new StartFailedException("data directory " + directory + " cannot be used", e);
        }
        throw new StartFailedException("data directory " + directory + " is in use by another process");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldInThisProcess) {
            return null;
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // the first failure is reported
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
