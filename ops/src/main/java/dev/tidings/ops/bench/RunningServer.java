package dev.tidings.ops.bench;

import dev.tidings.ops.bench.measure.ServerProbe;
import java.net.URI;
import java.util.Map;

/**
 * The all-in-one that runs on this machine.
 *
 * @param url of its gateway
 * @param pid of its main process
 * @param kafkaClient more properties of Kafka clients
 */
public record RunningServer(URI url, long pid, String bootstrapServers, Map<String, String> kafkaClient) {

    ServerProbe probe() {
        return new ServerProbe(pid, bootstrapServers, kafkaClient);
    }
}
