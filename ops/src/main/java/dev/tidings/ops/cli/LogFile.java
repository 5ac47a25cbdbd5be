package dev.tidings.ops.cli;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Also writes the log to {@code tidings.log} in the data directory, so that the terminal shows only the progress. Rolls over at
 * 20 MB, and keeps five compressed files.
 */
final class LogFile {

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS,UTC}Z %-5level %logger{0} %msg%n%ex{full}";

    private static final String NAME = "tidings.log";
    private static final String MAX_SIZE = "20MB";
    private static final int OLDER_FILES = 5;

    private LogFile() {}

    /** Begins to write the log in this directory. */
    static void in(Path data) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setFile(data.resolve(NAME).toString());
        file.setEncoder(encoder);
        FixedWindowRollingPolicy kept = new FixedWindowRollingPolicy();
        kept.setContext(context);
        kept.setParent(file);
        kept.setFileNamePattern(data.resolve(NAME + ".%i.gz").toString());
        kept.setMinIndex(1);
        kept.setMaxIndex(OLDER_FILES);
        kept.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> full = new SizeBasedTriggeringPolicy<>();
        full.setContext(context);
        full.setMaxFileSize(FileSize.valueOf(MAX_SIZE));
        full.start();
        file.setRollingPolicy(kept);
        file.setTriggeringPolicy(full);
        file.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(file);
    }
}
