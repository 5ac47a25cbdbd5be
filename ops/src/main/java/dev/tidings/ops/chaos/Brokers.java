package dev.tidings.ops.chaos;

import dev.tidings.ops.embedded.BrokerSettings;
import dev.tidings.ops.embedded.LogDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/**
 * The nodes of a Kafka cluster: three replicas of everything, of which two must be in sync. Each node is a broker and a controller.
 * Brokers, controllers and clients reach each other through proxies.
 */
final class Brokers {

    static final int REPLICAS = 3;

    private static final int TIMEOUT_SECONDS = 5;

    private final List<BrokerSettings.Node> nodes;
    private final Path directory;
    private final String clusterId = Uuid.randomUuid().toString();

    private Brokers(List<BrokerSettings.Node> nodes, Path directory) {
        this.nodes = nodes;
        this.directory = directory;
    }

    /**
     * Opens the proxies of the nodes.
     *
     * @param ports free ones: four for each node
     * @param directory gets their data
     */
    static Brokers open(List<Integer> ports, FaultyNetwork network, Path directory) throws IOException {
        List<BrokerSettings.Node> nodes = new ArrayList<>();
        for (int i = 0; i < REPLICAS; i++) {
            String name = ClusterRole.BROKER.process(i + 1);
            List<Integer> own = ports.subList(4 * i, 4 * i + 4);
            nodes.add(new BrokerSettings.Node(
                    i + 1,
                    own.get(0),
                    network.addProxy(name, own.get(0), own.get(1)),
                    own.get(2),
                    network.addProxy(name, own.get(2), own.get(3))));
        }
        return new Brokers(List.copyOf(nodes), directory);
    }

    /** The value of {@code bootstrap.servers}. */
    String bootstrapServers() {
        return nodes.stream().map(node -> "127.0.0.1:" + node.advertisedPort()).collect(Collectors.joining(","));
    }

    /** Formats the log directory of a node and returns its settings. */
    Map<String, String> settings(BrokerSettings.Node node) throws IOException {
        Path logDirectory = Files.createDirectories(directory).resolve(ClusterRole.BROKER.process(node.id()));
        LogDirectory.format(logDirectory, clusterId, node.id());
        return BrokerSettings.ofReplicatedNode(node, nodes, logDirectory);
    }

    List<BrokerSettings.Node> nodes() {
        return nodes;
    }

    /** Whether all nodes are members of the cluster, and every replica of every topic is in sync. */
    boolean areInSync() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1_000);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1_000);
        try (Admin admin = Admin.create(properties)) {
            int members = admin.describeCluster()
                    .nodes()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .size();
            Set<String> topics = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return members == REPLICAS
                    && admin
                            .describeTopics(topics)
                            .allTopicNames()
                            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                            .values()
                            .stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .allMatch(partition -> partition.isr().size()
                                    == partition.replicas().size());
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
