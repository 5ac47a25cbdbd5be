package dev.tidings.processors;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts the open transactions of processes that are no longer members of their group. Until they end, the successor of a
 * killed process can neither read its committed positions nor restore its stores; the broker alone ends them after {@code
 * processors.transaction-timeout-millis}.
 *
 * <p>Every process with topologies runs this watch. It lists transactions first and members after that, so the transaction
 * of a new member is never taken for an abandoned one. Aborting the transaction of a process that is alive but was
 * dropped from its group loses nothing: its partitions belong to others, which compute the same input again.
 */
final class TransactionWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionWatch.class);
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final int TIMEOUT_SECONDS = 15;

    private final Admin admin;
    private final List<String> applicationIds;
    /** Process ids of the members at the last check, by application id. */
    private final Map<String, Set<String>> processes = new HashMap<>();
    /** Application ids with a process that has left, whose transactions are not checked yet. */
    private final Set<String> unchecked = new HashSet<>();

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private boolean isFailing;

    private TransactionWatch(Admin admin, List<String> applicationIds) {
        this.admin = admin;
        this.applicationIds = List.copyOf(applicationIds);
        this.thread = Thread.ofPlatform().name("transaction-watch").daemon().unstarted(this::run);
    }

    /** Starts the watch over the groups of these topologies. */
    static TransactionWatch start(ProcessorsConfig config, List<String> applicationIds) {
        Map<String, Object> properties = new HashMap<>(config.clientProperties());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "tidings-transaction-watch");
        TransactionWatch watch = new TransactionWatch(Admin.create(properties), applicationIds);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (admin) {
            while (!closing.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                watch();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() throws InterruptedException {
        try {
            members(applicationIds).forEach((application, now) -> {
                Set<String> before = processes.put(application, now);
                if (before == null || !now.containsAll(before)) {
                    unchecked.add(application);
                }
            });
            if (!unchecked.isEmpty()) {
                abortAbandoned(List.copyOf(unchecked));
                unchecked.clear();
            }
            if (isFailing) {
                LOG.info("transactions of processes that ended can be checked again");
                isFailing = false;
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            if (isFailing) {
                LOG.debug("transactions of processes that ended still cannot be checked", e);
            } else {
                LOG.warn(
                        "transactions of processes that ended cannot be checked; trying again without a further warning",
                        e);
                isFailing = true;
            }
        }
    }

    private void abortAbandoned(List<String> applications)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> open = admin
                .listTransactions(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                .all()
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .stream()
                .map(TransactionListing::transactionalId)
                .toList();
        Set<String> abandoned = new HashSet<>();
        members(applications)
                .forEach((application, members) -> abandoned.addAll(abandoned(open, application, members)));
        if (!abandoned.isEmpty()) {
            admin.fenceProducers(abandoned).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            LOG.info("transactions of processes that ended are aborted transactionalIds={}", abandoned);
        }
    }

    /**
     * Returns the transactions of an application whose process is not among these. Kafka Streams names a transaction by
     * application, process and thread: {@code tidings-inbox-<process id>-<thread>}.
     *
     * @param transactionalIds of any application
     */
    static Set<String> abandoned(Collection<String> transactionalIds, String application, Set<String> processIds) {
        String prefix = application + '-';
        return transactionalIds.stream()
                .filter(id -> id.startsWith(prefix) && id.lastIndexOf('-') > prefix.length())
                .filter(id -> !processIds.contains(id.substring(prefix.length(), id.lastIndexOf('-'))))
                .collect(Collectors.toSet());
    }

    /** Returns the process ids of the members by application id; none for a group that does not exist yet. */
    private Map<String, Set<String>> members(Collection<String> applications)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, Set<String>> members = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<StreamsGroupDescription>> group :
                admin.describeStreamsGroups(applications).describedGroups().entrySet()) {
            try {
                members.put(
                        group.getKey(),
                        group.getValue().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).members().stream()
                                .map(StreamsGroupMemberDescription::processId)
                                .collect(Collectors.toSet()));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                    throw e;
                }
            }
        }
        return members;
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
