package dev.tidings.ops.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.storage.Formatter;

/** Formats the log directory of a broker, as {@code kafka-storage.sh format} does. */
public final class LogDirectory {

    private LogDirectory() {}

    /**
     * Formats the directory if it does not exist. Formats a temporary one and renames it, so that a kill leaves no half-formatted
     * one.
     *
     * @throws IOException if the directory cannot be written
     */
    public static void format(Path directory, String clusterId, int nodeId) throws IOException {
        if (Files.exists(directory)) {
            return;
        }
        Path fresh = directory.resolveSibling(directory.getFileName() + ".formatting");
        Utils.delete(fresh.toFile());
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(clusterId)
                    .setNodeId(nodeId)
                    .addDirectory(fresh.toString())
                    .setMetadataLogDirectory(fresh.toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the log directory " + directory + " cannot be formatted", e);
        }
        Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
    }
}
