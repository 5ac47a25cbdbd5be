package dev.tidings.connectors;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** A sink connector whose tasks all get the connector's own configuration and share one consumer group. */
public abstract class TidingsSinkConnector extends SinkConnector {

    private final Class<? extends Task> taskClass;
    private final ConfigDef definition;
    private Map<String, String> properties = Map.of();

    protected TidingsSinkConnector(Class<? extends Task> taskClass, ConfigDef definition) {
        this.taskClass = taskClass;
        this.definition = definition;
    }

    @Override
    public String version() {
        return SinkVersion.read();
    }

    /** @throws org.apache.kafka.common.config.ConfigException naming the wrong key */
    @Override
    public void start(Map<String, String> properties) {
        this.properties = Map.copyOf(checked(properties));
    }

    /** The configuration for tasks. A connector overrides this to check keys that depend on each other. */
    protected Map<String, String> checked(Map<String, String> properties) {
        return properties;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return taskClass;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, properties);
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return definition;
    }
}
