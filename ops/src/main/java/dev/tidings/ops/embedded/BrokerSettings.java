package dev.tidings.ops.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The settings of brokers on this machine: nodes that are broker and controller, and start, fail over and stop quickly. */
public final class BrokerSettings {

    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final List<String> INTERNAL_TOPICS =
            List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic");

    /** Returns the settings by Kafka's names. */
    static Map<String, String> of(Path logDir, int port, int controllerPort) {
        Map<String, String> settings = new TreeMap<>();
        settings.putAll(oneNode(logDir, port, controllerPort));
        settings.putAll(oneReplica());
        settings.putAll(quickFailover());
        settings.putAll(smallMachine());
        return settings;
    }

    /**
     * The addresses of one node of several.
     *
     * @param port on which it listens for brokers and clients
     * @param advertisedPort by which they reach it; another one if a proxy is between
     * @param controllerPort on which it listens for controllers
     * @param advertisedControllerPort by which they reach it
     */
    public record Node(int id, int port, int advertisedPort, int controllerPort, int advertisedControllerPort) {}

    /** Returns the settings of one node of a cluster with three replicas of everything, of which two must be in sync. */
    public static Map<String, String> ofReplicatedNode(Node node, List<Node> all, Path logDir) {
        Map<String, String> settings = new TreeMap<>(quickFailover());
        settings.putAll(smallMachine());
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(node.id));
        settings.put(
                "controller.quorum.voters",
                all.stream()
                        .map(other -> other.id + "@127.0.0.1:" + other.advertisedControllerPort)
                        .collect(Collectors.joining(",")));
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put("listeners", listeners(node.port, node.controllerPort));
        settings.put("advertised.listeners", listeners(node.advertisedPort, node.advertisedControllerPort));
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        settings.put("log.dirs", logDir.toString());
        for (String topic : INTERNAL_TOPICS) {
            settings.put(topic + ".num.partitions", "3");
            settings.put(topic + ".replication.factor", "3");
        }
        settings.put("transaction.state.log.min.isr", "2");
        settings.put("share.coordinator.state.topic.min.isr", "2");
        settings.put("default.replication.factor", "3");
        settings.put("min.insync.replicas", "2");
        settings.put("auto.create.topics.enable", "false");
        return settings;
    }

    private static String listeners(int port, int controllerPort) {
        return "PLAINTEXT://127.0.0.1:" + port + ',' + CONTROLLER_LISTENER + "://127.0.0.1:" + controllerPort;
    }

    /** Returns the settings of a controller without a broker, which fences a killed broker after a short session time-out. */
    static Map<String, String> ofControllerAlone(Path logDir, int controllerPort) {
        Map<String, String> settings = of(logDir, 0, controllerPort);
        settings.put("process.roles", "controller");
        settings.put("listeners", CONTROLLER_LISTENER + "://127.0.0.1:" + controllerPort);
        settings.put("broker.session.timeout.ms", "500");
        settings.put("broker.heartbeat.interval.ms", "100");
        return settings;
    }

    private static Map<String, String> oneNode(Path logDir, int port, int controllerPort) {
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                String.valueOf(NODE_ID),
                "controller.quorum.voters",
                NODE_ID + "@127.0.0.1:" + controllerPort,
                "controller.listener.names",
                CONTROLLER_LISTENER,
                "listeners",
                listeners(port, controllerPort),
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT",
                "log.dirs",
                logDir.toString());
    }

    private static Map<String, String> oneReplica() {
        Map<String, String> settings = new TreeMap<>();
        for (String topic : INTERNAL_TOPICS) {
            settings.put(topic + ".num.partitions", "1");
            settings.put(topic + ".replication.factor", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        // TopicSetup creates all topics; a misspelt name must not create another
        settings.put("auto.create.topics.enable", "false");
        settings.put("auto.leader.rebalance.enable", "false");
        // an all-in-one may be stopped for months and must keep its consumer offsets: ten years, in minutes
        settings.put("offsets.retention.minutes", "5256000");
        return settings;
    }

    private static Map<String, String> quickFailover() {
        return Map.ofEntries(
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("group.min.session.timeout.ms", "1000"),
                Map.entry("group.streams.initial.rebalance.delay.ms", "0"),
                Map.entry("group.streams.min.session.timeout.ms", "1000"),
                Map.entry("group.streams.session.timeout.ms", "1500"),
                Map.entry("group.streams.min.heartbeat.interval.ms", "200"),
                Map.entry("group.streams.heartbeat.interval.ms", "400"),
                // by default an assignment may come a second after the one before, also when a member has died
                Map.entry("group.streams.assignment.interval.ms", "0"),
                // used only if there are several processes with topologies
                Map.entry("group.streams.num.standby.replicas", "1"),
                // after a kill -9 the next start waits until the controller has fenced the killed broker: 9 s by
                // default.
                // With a much shorter time-out a slow disk would look like a dead broker.
                Map.entry("broker.session.timeout.ms", "3000"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                Map.entry("controller.quorum.append.linger.ms", "5"),
                // restoring waits until the transactions of a killed process are aborted
                Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"),
                // halves the latency of a commit
                Map.entry("add.partitions.to.txn.retry.backoff.ms", "1"));
    }

    private static Map<String, String> smallMachine() {
        return Map.ofEntries(
                Map.entry("num.network.threads", "1"),
                Map.entry("num.io.threads", "2"),
                Map.entry("background.threads", "2"),
                Map.entry("num.recovery.threads.per.data.dir", "2"),
                Map.entry("group.coordinator.threads", "1"),
                Map.entry("group.coordinator.background.threads", "1"),
                Map.entry("share.coordinator.threads", "1"),
                Map.entry("log.cleaner.threads", "1"),
                Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20)));
    }

    private BrokerSettings() {}
}
