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
 * The broker that ran on a directory before and was killed. The controller's log still holds it for alive, and the
 * leader of every partition; it finds out otherwise a moment after the next start. In that moment the transaction
 * coordinator is at work already, and Kafka (4.3) takes partitions without a leader for deleted ones: it completes the
 * open transactions without writing their markers, and whoever reads committed waits for ever. So the controller runs
 * alone first, until it has given the old broker up.
 */
final class KilledBroker {

    private static final Logger log = LoggerFactory.getLogger(KilledBroker.class);

    private static final String CLEAN_SHUTDOWN_MARK = ".kafka_cleanshutdown";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    private KilledBroker() {}

    /** Whether a broker ran here and did not shut down. */
    static boolean ranIn(Path logDir) {
        return Files.exists(logDir.resolve("__cluster_metadata-0"))
                && !Files.exists(logDir.resolve(CLEAN_SHUTDOWN_MARK));
    }

    /** Returns once the controller has given it up; takes about a second. */
    static void giveUp(Path logDir) {
        int controllerPort = LocalPort.choose(0, "kafka controller");
        KafkaRaftServer controller = new KafkaRaftServer(
                new KafkaConfig(BrokerSettings.ofControllerAlone(logDir, controllerPort), false), Time.SYSTEM);
        try {
            controller.startup();
            boolean givenUp = awaitFenced();
            log.info("killed broker given up dataDir={} confirmed={}", logDir, givenUp);
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    private static boolean awaitFenced() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (gauge("ActiveControllerCount") == 1 && gauge("FencedBrokerCount") == 1) {
                return true;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return false; // killed before it ever registered: then no partition has it for a leader
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
