package dev.tidings.ops.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes each log event as one line of JSON with the keys {@code timestamp} (ISO 8601, UTC), {@code level}, {@code role}, {@code
 * logger}, {@code thread}, {@code message}, {@code fields} and {@code error}.
 *
 * <p>{@code fields} has the parameters of the message by their keys: {@code topic={}} becomes the field {@code topic}. It is absent
 * if there are none. {@code error} has {@code type}, {@code message} and {@code stackTrace}; it is absent without an exception.
 */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {

    /** A placeholder of a parameter, with the key before it if there is one. */
    private static final Pattern PLACEHOLDER = Pattern.compile("(?:([A-Za-z][A-Za-z0-9_.-]*)=)?\\{}");

    private static final byte[] NOTHING = {};

    private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();
    private final String role;

    JsonLogEncoder(String role) {
        this.role = role;
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        JsonObject line = new JsonObject();
        line.addProperty("timestamp", event.getInstant().toString());
        line.addProperty("level", event.getLevel().toString());
        line.addProperty("role", role);
        line.addProperty("logger", event.getLoggerName());
        line.addProperty("thread", event.getThreadName());
        line.addProperty("message", event.getFormattedMessage());
        JsonObject fields = fields(event.getMessage(), event.getArgumentArray());
        if (fields.size() > 0) {
            line.add("fields", fields);
        }
        IThrowableProxy error = event.getThrowableProxy();
        if (error != null) {
            line.add("error", error(error));
        }
        return (gson.toJson(line) + '\n').getBytes(StandardCharsets.UTF_8);
    }

    /** The n-th placeholder stands for the n-th parameter. */
    private static JsonObject fields(@Nullable String message, Object @Nullable [] parameters) {
        JsonObject fields = new JsonObject();
        if (message == null || parameters == null) {
            return fields;
        }
        Matcher placeholder = PLACEHOLDER.matcher(message);
        for (int i = 0; i < parameters.length && placeholder.find(); i++) {
            String key = placeholder.group(1);
            if (key != null) {
                add(fields, key, parameters[i]);
            }
        }
        return fields;
    }

    private static void add(JsonObject fields, String key, @Nullable Object value) {
        switch (value) {
            case Integer number -> fields.addProperty(key, number);
            case Long number -> fields.addProperty(key, number);
            case Boolean flag -> fields.addProperty(key, flag);
            case null, default -> fields.addProperty(key, String.valueOf(value));
        }
    }

    private static JsonObject error(IThrowableProxy error) {
        JsonObject json = new JsonObject();
        json.addProperty("type", error.getClassName());
        json.addProperty("message", error.getMessage());
        json.addProperty("stackTrace", ThrowableProxyUtil.asString(error));
        return json;
    }
}
