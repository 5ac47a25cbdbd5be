package dev.tidings.ops.connect;

import org.apache.kafka.connect.util.ConnectorTaskId;
import org.jspecify.annotations.Nullable;

/**
 * A failed connector or task.
 *
 * @param task null for the connector itself
 * @param reason the first line of the exception, and its root cause
 */
public record FailedPart(String connector, @Nullable Integer task, String reason) {

    /** The name, such as {@code tidings-redis} or {@code tidings-redis-0}. */
    public String name() {
        return task == null ? connector : new ConnectorTaskId(connector, task).toString();
    }
}
