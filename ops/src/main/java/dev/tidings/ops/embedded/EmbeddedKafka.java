package dev.tidings.ops.embedded;

import java.nio.file.Path;
import java.time.Duration;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker in this process, with one replica of everything. Ends the process at a fatal fault, such as a full disk under
 * its metadata, as a separate broker would end.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);

    private final DirectoryLock lock;
    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedKafka(DirectoryLock lock, KafkaRaftServer server, int port) {
        this.lock = lock;
        this.server = server;
        this.port = port;
    }

    /**
     * Starts the broker. Returns when it answers clients, after one to three seconds.
     *
     * @param dataDir kept between runs; created and formatted if it does not exist
     * @param preferredPort used if it is free; 0: any free one
     * @throws StartFailedException if the directory is in use, or the broker does not start
     */
    public static EmbeddedKafka start(Path dataDir, int preferredPort) {
        long began = System.nanoTime();
        Path absolute = dataDir.toAbsolutePath().normalize();
        DirectoryLock lock = DirectoryLock.hold(absolute);
        try {
            Path logDir = absolute.resolve("log");
            LogDirectory.format(logDir, Uuid.randomUuid().toString(), BrokerSettings.NODE_ID);
            if (KilledBroker.ranIn(logDir)) {
                KilledBroker.fence(logDir);
            }
            int port = LocalPort.choose(preferredPort, "kafka");
            KafkaRaftServer server = startServer(logDir, port);
            long tookMillis = Duration.ofNanos(System.nanoTime() - began).toMillis();
            log.info("broker started port={} dataDir={} tookMillis={}", port, absolute, tookMillis);
            return new EmbeddedKafka(lock, server, port);
        } catch (Exception e) {
            lock.close();
            throw e instanceof StartFailedException known
                    ? known
                    : new StartFailedException("the embedded Kafka broker did not start in " + absolute, e);
        }
    }

    private static KafkaRaftServer startServer(Path logDir, int port) {
        int controllerPort = LocalPort.choose(0, "kafka controller");
        KafkaConfig config = new KafkaConfig(BrokerSettings.of(logDir, port, controllerPort), false);
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        try {
            server.startup();
            return server;
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
    }

    /** The value of {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Stops cleanly, so that the next start needs no recovery. Close the clients before. */
    @Override
    public void close() {
        long began = System.nanoTime();
        server.shutdown();
        server.awaitShutdown();
        lock.close();
        long tookMillis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        log.info("broker stopped port={} tookMillis={}", port, tookMillis);
    }
}
