package dev.tidings.ops.connect;

import org.apache.kafka.connect.util.ConnectorTaskId;
import org.jspecify.annotations.Nullable;

/**
 * A connector, or one task of it, that does not run.
 *
 * @param task null where it is the connector itself
 * @param reason the first line of what was thrown, or its state
 */
public record FailedPart(String connector, @Nullable Integer task, String reason) {

    /** Such as {@code tidings-redis} or {@code tidings-redis-0}. */
    public String name() {
        return task == null ? connector : new ConnectorTaskId(connector, task).toString();
    }
}
