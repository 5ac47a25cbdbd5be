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
 * Aborts what topologies of an earlier process have left open. Until a transaction ends, nothing can be restored from the
 * changelogs that it wrote to; the broker ends it by itself only when its time-out has passed. Only for a broker that has
 * just started in this process and belongs to this system alone: no topology that lives can have a transaction there.
 */
final class DeadTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(DeadTransactions.class);
    private static final String TOPOLOGIES = "tidings-";
    private static final int TIMEOUT_SECONDS = 30;

    private DeadTransactions() {}

    /** Returns when they are aborted. Where that does not succeed, they end by their time-out. */
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
                LOG.info("transactions of an earlier process aborted count={}", open.size());
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warn("transactions of an earlier process cannot be aborted; they end by their time-out", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
