package dev.tidings.ops.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts a broker without topics on a free port, with its data in a temporary directory. In a static field it serves all
 * tests of a class; in an instance field each test has a broker of its own.
 */
public final class KafkaExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    private @Nullable Path directory;
    private @Nullable EmbeddedKafka kafka;
    private @Nullable Admin admin;
    private boolean perClass;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        perClass = true;
        start();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        if (!perClass) {
            start();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (!perClass) {
            stop();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (perClass) {
            stop();
        }
    }

    private void start() throws IOException {
        directory = Files.createTempDirectory("tidings-kafka-");
        kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
    }

    private void stop() throws IOException {
        try {
            if (admin != null) {
                admin.close();
                admin = null;
            }
            if (kafka != null) {
                kafka.close();
                kafka = null;
            }
        } finally {
            Utils.delete(directory().toFile());
        }
    }

    /** Where tests may put files; deleted with the broker. */
    public Path directory() {
        return Objects.requireNonNull(directory, "no test runs");
    }

    public String bootstrapServers() {
        return Objects.requireNonNull(kafka, "no test runs").bootstrapServers();
    }

    /** An admin client that connects when it is first asked for. It is closed with the broker. */
    public Admin admin() {
        if (admin == null) {
            admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
        }
        return admin;
    }
}
