package dev.tidings.ops.logging;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.Encoder;

/** The format of a log: lines for people, or JSON for programs. */
public enum LogFormat {
    TEXT,
    JSON;

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS,UTC}Z %-5level %logger{0} %msg%n%ex{full}";

    /**
     * Returns a started encoder.
     *
     * @param role the command that writes the log; only in JSON
     */
    Encoder<ILoggingEvent> encoder(Context context, String role) {
        Encoder<ILoggingEvent> encoder = switch (this) {
            case TEXT -> {
                PatternLayoutEncoder text = new PatternLayoutEncoder();
                text.setPattern(PATTERN);
                yield text;
            }
            case JSON -> new JsonLogEncoder(role);
        };
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}
