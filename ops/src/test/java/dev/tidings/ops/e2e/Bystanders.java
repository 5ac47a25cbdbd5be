package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ServerFrame;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.common.utils.Utils;

/**
 * Pairs of users who exchange messages in every partition of the conversations during an attack. {@link #close} checks that
 * the attack did not disturb them: every message was sequenced and delivered, no session ended, no stream thread died.
 */
final class Bystanders implements AutoCloseable {

    private static final int PAIRS_PER_PARTITION = 2;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int PATIENCE_SECONDS = 120;
    private static final List<String> TOPOLOGIES = List.of("intake", "conversation", "inbox");

    private final String attack;
    private final List<Pair> pairs = new ArrayList<>();
    private final Map<String, Long> deathsBefore = new TreeMap<>();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private volatile boolean stopping;

    private record Pair(
            String conversationId, ChatClient sender, ChatClient receiver, CompletableFuture<Void> conversation) {}

    private Bystanders(String attack) {
        this.attack = attack;
    }

    /**
     * Connects the pairs and returns once each has exchanged a message.
     *
     * @param attack its name, for the report
     * @param conversationPartitions of {@code tidings.commands}
     */
    static Bystanders start(URI gateway, int conversationPartitions, String attack) {
        Bystanders bystanders = new Bystanders(attack);
        TOPOLOGIES.forEach(topology -> bystanders.deathsBefore.put(topology, deaths(topology)));
        for (int partition = 0; partition < conversationPartitions; partition++) {
            for (int pair = 0; pair < PAIRS_PER_PARTITION; pair++) {
                bystanders.connect(gateway, partition, conversationPartitions);
            }
        }
        bystanders.pairs.forEach(pair -> bystanders.exchange(pair, "first"));
        bystanders.slowestNanos.set(0);
        bystanders.pairs.forEach(
                pair -> Thread.ofVirtual().name("bystanders").start(() -> bystanders.exchangeUntilClosed(pair)));
        return bystanders;
    }

    private void connect(URI gateway, int partition, int partitions) {
        while (true) {
            String suffix = UUID.randomUUID().toString().substring(0, 8);
            String one = "bystander-a-" + suffix;
            String other = "bystander-b-" + suffix;
            String id = ConversationId.between(one, other).toString();
            if (Utils.toPositive(Utils.murmur2(id.getBytes(UTF_8))) % partitions == partition) {
                pairs.add(new Pair(
                        id,
                        ChatClient.signedIn(gateway, one, "phone", Subprotocol.JSON),
                        ChatClient.signedIn(gateway, other, "phone", Subprotocol.PROTO),
                        new CompletableFuture<>()));
                return;
            }
        }
    }

    private void exchangeUntilClosed(Pair pair) {
        try {
            for (int number = 0; !stopping; number++) {
                exchange(pair, "m" + number);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            pair.conversation().complete(null);
        } catch (RuntimeException | AssertionError e) {
            pair.conversation().completeExceptionally(e);
        }
    }

    private void exchange(Pair pair, String name) {
        long began = System.nanoTime();
        pair.sender().request(ChatClient.text(pair.conversationId(), name, name), ServerFrame::hasSequenced);
        ServerFrame delivered = pair.receiver()
                .awaitFrame(frame -> frame.getEvents().getEventsList().stream()
                        .anyMatch(
                                event -> event.getMessageSent().getClientMsgId().equals(name)));
        slowestNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
        messages.incrementAndGet();
        pair.receiver().ack(delivered.getEvents().getDeliverySeq());
        List.of(pair.sender(), pair.receiver())
                .forEach(client -> client.received().clear());
    }

    /** Returns how many stream threads of a topology in this process have died since it started. */
    private static long deaths(String topology) {
        try {
            ObjectName name = new ObjectName("dev.tidings.processors:type=topology,topology=" + topology);
            return (long) ManagementFactory.getPlatformMBeanServer().getAttribute(name, "ThreadDeaths");
        } catch (JMException e) {
            throw new IllegalStateException("topology " + topology + " is not run in this process", e);
        }
    }

    @Override
    public void close() throws InterruptedException, ExecutionException, TimeoutException {
        stopping = true;
        try {
            for (Pair pair : pairs) {
                pair.conversation().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            pairs.forEach(pair -> {
                pair.sender().close();
                pair.receiver().close();
            });
        }
        System.out.printf(
                "bystanders during %s: %d messages, slowest %d ms%n",
                attack, messages.get(), TimeUnit.NANOSECONDS.toMillis(slowestNanos.get()));
        deathsBefore.forEach((topology, before) -> {
            if (deaths(topology) != before) {
                throw new AssertionError(
                        "during " + attack + " threads of " + topology + " died: " + (deaths(topology) - before));
            }
        });
    }
}
