package dev.tidings.connectors.push;

import dev.tidings.connectors.SinkVersion;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Kafka Connect's door to {@link PushSinkTask}: every task gets the same configuration and shares one consumer group. */
public final class PushSinkConnector extends SinkConnector {

    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return SinkVersion.read();
    }

    /** @throws org.apache.kafka.common.config.ConfigException naming the key that is wrong beside another one */
    @Override
    public void start(Map<String, String> properties) {
        this.properties = Map.copyOf(new PushSinkConfig(properties).originalsStrings());
    }

    @Override
    public Class<? extends Task> taskClass() {
        return PushSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, properties);
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return PushSinkConfig.DEFINITION;
    }
}
