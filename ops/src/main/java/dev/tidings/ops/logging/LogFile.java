package dev.tidings.ops.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Also writes the log to a file, besides the terminal. Older files are compressed. */
public final class LogFile {

    private static final String NAME = "tidings.log";
    private static final FileSize MAX_SIZE = FileSize.valueOf("20MB");
    private static final int OLDER_FILES = 5;

    private LogFile() {}

    /**
     * Writes {@code tidings.log} in the data directory of a system on this machine. Rolls over at 20 MB, and keeps five older files.
     */
    public static void inDataDirectory(Path data, LogFormat format, String role) {
        RollingFileAppender<ILoggingEvent> file = appender(data.resolve(NAME), format, role);
        FixedWindowRollingPolicy older = new FixedWindowRollingPolicy();
        older.setContext(file.getContext());
        older.setParent(file);
        older.setFileNamePattern(data.resolve(NAME + ".%i.gz").toString());
        older.setMinIndex(1);
        older.setMaxIndex(OLDER_FILES);
        older.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(file.getContext());
        size.setMaxFileSize(MAX_SIZE);
        size.start();
        file.setRollingPolicy(older);
        file.setTriggeringPolicy(size);
        start(file);
    }

    /** Writes {@code tidings-<role>.log}. Rolls over every day (UTC) and at the maximum size. */
    static void inLogDirectory(Path directory, LogSettings settings, String role) {
        String name = "tidings-" + role;
        RollingFileAppender<ILoggingEvent> file = appender(directory.resolve(name + ".log"), settings.format(), role);
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(file.getContext());
        policy.setParent(file);
        policy.setFileNamePattern(
                directory.resolve(name + ".%d{yyyy-MM-dd,UTC}.%i.log.gz").toString());
        policy.setMaxFileSize(megabytes(settings.maxFileMegabytes()));
        policy.setMaxHistory(settings.keepDays());
        policy.setTotalSizeCap(megabytes(settings.maxTotalMegabytes()));
        policy.start();
        file.setRollingPolicy(policy);
        start(file);
    }

    private static RollingFileAppender<ILoggingEvent> appender(Path path, LogFormat format, String role) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setFile(path.toString());
        file.setEncoder(format.encoder(context, role));
        return file;
    }

    private static void start(RollingFileAppender<ILoggingEvent> file) {
        file.start();
        ((LoggerContext) file.getContext()).getLogger(Logger.ROOT_LOGGER_NAME).addAppender(file);
    }

    private static FileSize megabytes(int megabytes) {
        return new FileSize(megabytes * FileSize.MB_COEFFICIENT);
    }
}
