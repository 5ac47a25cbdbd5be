package dev.tidings.ops.embedded;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fences a killed broker before the next one starts. The controller's log still has the killed broker as alive and as leader of
 * every partition; the controller fences it only a moment after the next start. In that moment the transaction coordinator runs
 * already, and Kafka 4.3 treats partitions without a leader as deleted: it completes open transactions without their markers, and
 * consumers of committed records wait for ever. So the controller runs alone first, until it has fenced the old broker (decision
 * record 13).
 */
final class KilledBroker {

    private static final Logger log = LoggerFactory.getLogger(KilledBroker.class);

    private static final String CLEAN_SHUTDOWN_FILE = ".kafka_cleanshutdown";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    private KilledBroker() {}

    /** Whether a broker has run in this directory without a clean shutdown. */
    static boolean ranIn(Path logDir) {
        return Files.exists(logDir.resolve("__cluster_metadata-0"))
                && !Files.exists(logDir.resolve(CLEAN_SHUTDOWN_FILE));
    }

    /** Runs the controller alone until it has fenced the old broker; takes about a second. */
    static void fence(Path logDir) {
        int controllerPort = LocalPort.choose(0, "kafka controller");
        KafkaRaftServer controller = new KafkaRaftServer(
                new KafkaConfig(BrokerSettings.ofControllerAlone(logDir, controllerPort), false), Time.SYSTEM);
        try {
            controller.startup();
            boolean fenced = awaitFenced();
            log.info("killed broker fenced dataDir={} confirmed={}", logDir, fenced);
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    private static boolean awaitFenced() {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            if (gauge("ActiveControllerCount") == 1 && gauge("FencedBrokerCount") == 1) {
                return true;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return false; // killed before it registered: it leads no partition
    }

    private static int gauge(String name) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName metric = new ObjectName("kafka.controller:type=KafkaController,name=" + name);
            return server.isRegistered(metric) ? ((Number) server.getAttribute(metric, "Value")).intValue() : 0;
        } catch (JMException e) {
            throw new StartFailedException("the controller's metric " + name + " cannot be read", e);
        }
    }
}
