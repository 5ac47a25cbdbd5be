package dev.tidings.ops.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The configuration of the log of a role.
 *
 * @param directory directory of the log files; null: the log goes to the terminal only
 * @param maxFileMegabytes size at which a new file is started
 * @param keepDays days for which older files are kept
 * @param maxTotalMegabytes size of the older files above which the oldest ones are deleted
 */
public record LogSettings(
        LogFormat format, @Nullable Path directory, int maxFileMegabytes, int keepDays, int maxTotalMegabytes) {

    /** The name of the appender in logback.xml. */
    private static final String CONSOLE = "console";

    public static LogSettings from(Settings settings) {
        String directory = settings.find("log.directory");
        return new LogSettings(
                format(settings.text("log.format", "text")),
                directory == null ? null : Path.of(directory),
                settings.integer("log.max-file-megabytes", 100, 1, 10_000),
                settings.integer("log.keep-days", 14, 1, 3650),
                settings.integer("log.max-total-megabytes", 2000, 1, 1_000_000));
    }

    private static LogFormat format(String name) {
        return switch (name) {
            case "text" -> LogFormat.TEXT;
            case "json" -> LogFormat.JSON;
            default -> throw new SettingsException("log.format must be text or json; it is \"" + name + '"');
        };
    }

    /**
     * Sets the format of the terminal, and opens the log file if a directory is set.
     *
     * @throws SettingsException if the directory cannot be created or written
     */
    public void apply(String role) {
        if (format == LogFormat.JSON) {
            LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
            if (context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(CONSOLE)
                    instanceof ConsoleAppender<ILoggingEvent> console) {
                console.setEncoder(format.encoder(context, role));
            }
        }
        if (directory != null) {
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new SettingsException("log.directory " + directory + " cannot be created: " + e.getMessage());
            }
            if (!Files.isWritable(directory)) {
                throw new SettingsException("log.directory " + directory + " is not writable");
            }
            LogFile.inLogDirectory(directory, this, role);
        }
    }
}
