package dev.tidings.processors;

import dev.tidings.processors.intake.SourceRights;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.schemas.tracing.Tracing;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The configuration of the topologies.
 *
 * @param bootstrapServers the Kafka cluster ({@code kafka.bootstrap-servers})
 * @param clientProperties additional properties of every Kafka client ({@code kafka.client.*}), such as security
 * @param stateDirectory the directory of state stores, one per process ({@code processors.state-directory})
 * @param storeKind {@code rocksdb} or {@code memory} ({@code processors.store})
 * @param threads number per topology ({@code processors.threads})
 * @param commitIntervalMillis the interval of commits ({@code processors.commit-interval-millis}). Readers of committed
 *     data wait about that long; live deliveries do not
 * @param transactionTimeoutMillis the longest duration of a transaction ({@code
 *     processors.transaction-timeout-millis}). A longer one is aborted and computed again, for ever if each attempt
 *     takes as long: Streams processes up to about 150 records between two chances to commit, and each may take 100 ms.
 *     Those of a killed process are aborted earlier ({@link TransactionWatch})
 * @param storeCacheMegabytes memory of all RocksDB stores together ({@code processors.store-cache-megabytes})
 * @param sourceRights of business systems ({@code business.*})
 */
public record ProcessorsConfig(
        String bootstrapServers,
        Map<String, String> clientProperties,
        TopicLayout layout,
        Path stateDirectory,
        StateStore.Kind storeKind,
        int threads,
        int commitIntervalMillis,
        int transactionTimeoutMillis,
        int storeCacheMegabytes,
        SourceRights sourceRights) {

    public static ProcessorsConfig from(Settings settings) {
        return new ProcessorsConfig(
                settings.required("kafka.bootstrap-servers"),
                Tracing.clientProperties(settings, "tidings-processors"),
                TopicLayout.from(settings),
                Path.of(settings.text("processors.state-directory", "tidings-state")),
                storeKind(settings.text("processors.store", "rocksdb")),
                settings.integer("processors.threads", 1, 1, 256),
                settings.integer("processors.commit-interval-millis", 200, 1, 60_000),
                settings.integer("processors.transaction-timeout-millis", 15_000, 500, 900_000),
                settings.integer("processors.store-cache-megabytes", 128, 16, 1_000_000),
                SourceRights.from(settings));
    }

    /** Returns the same configuration with another state directory. */
    public ProcessorsConfig withStateDirectory(Path directory) {
        return new ProcessorsConfig(
                bootstrapServers,
                clientProperties,
                layout,
                directory,
                storeKind,
                threads,
                commitIntervalMillis,
                transactionTimeoutMillis,
                storeCacheMegabytes,
                sourceRights);
    }

    private static StateStore.Kind storeKind(String name) {
        try {
            return StateStore.Kind.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new SettingsException("processors.store must be rocksdb or memory; it is \"" + name + '"');
        }
    }
}
