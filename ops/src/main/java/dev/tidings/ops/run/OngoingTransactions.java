package dev.tidings.ops.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts the transactions that topologies of a killed process have left open. State cannot be restored from a changelog with an open
 * transaction; the broker itself aborts it only after the transaction time-out. Only for a broker that has just started in this
 * process and has no other users: a live topology would lose its transaction.
 */
final class OngoingTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(OngoingTransactions.class);
    private static final String TOPOLOGIES = "tidings-";
    private static final int TIMEOUT_SECONDS = 30;

    private OngoingTransactions() {}

    /** Returns when they are aborted. On failure, logs a warning; they then end by their time-out. */
    static void abort(String bootstrapServers, Map<String, String> clientProperties) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (Admin admin = Admin.create(properties)) {
            List<String> open = admin
                    .listTransactions(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .stream()
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.startsWith(TOPOLOGIES))
                    .toList();
            if (!open.isEmpty()) {
                admin.fenceProducers(open).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                LOG.info("transactions aborted count={}", open.size());
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warn("transactions not aborted; they end by their time-out", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
