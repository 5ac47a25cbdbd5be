package dev.tidings.gateway.log;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.ProducerSettings;
import dev.tidings.v1.GatewayBeat;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slot of this gateway: its partition of {@code deliveries}, with an epoch that grows with every new holder. Claims it,
 * and keeps it by a heartbeat every 2 s.
 *
 * <p>The order of topic {@code gateways} decides which gateway holds a slot. A claim is a heartbeat with the next epoch; of
 * several with the same epoch the first in the log counts. A holder that reads a higher epoch on its slot has lost it: it was
 * paused, and another gateway took over.
 *
 * <p>A slot lapses by the time of the log. Before a gateway claims a slot it appends a probe, a tombstone under {@link
 * #PROBE_KEY}, and compares the append time of the probe with those of heartbeats. No wall clock of a gateway matters.
 */
public final class GatewaySlot implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GatewaySlot.class);
    private static final Duration BEAT_INTERVAL = Duration.ofSeconds(2);
    private static final Duration KEPT_WITHIN = Duration.ofSeconds(10);
    private static final Duration LAPSE = Duration.ofSeconds(7);
    /** Without progress for so long, Kafka counts as unreachable. */
    private static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(15);

    /** The key of no slot. Compaction removes its records, which have no value. */
    private static final int PROBE_KEY = -1;

    private static final TopicPartition PARTITION = new TopicPartition(Topics.GATEWAYS.name(), 0);

    private final String instanceId = UUID.randomUUID().toString();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<Integer, byte[]> producer;
    private final SlotHolders holders = new SlotHolders();
    private final LogClock clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private int slot;
    private long epoch;
    private long precedingBeatMillis;
    private volatile @Nullable Holder holder;
    private volatile long lastBeatNanos;
    private volatile List<GatewayBeat> running = List.of();

    /** The gateway that holds the slot. */
    public interface Holder {
        /** The number of connections, for the heartbeat. */
        int sessions();

        /** The number of different users with a session, for the heartbeat. */
        int users();

        /** The address that clients connect to, {@code host:port}, for the heartbeat. */
        String address();

        /** Another gateway holds the slot now. */
        void slotLost();
    }

    /**
     * Claims a slot.
     *
     * @param wanted the slot to take over from its holder, if any; null: the lowest free one
     * @param slots the number of slots
     * @param clock set by every heartbeat
     * @throws IllegalStateException if all slots are held
     */
    public static GatewaySlot claim(
            String bootstrapServers,
            Map<String, String> clientProperties,
            @Nullable Integer wanted,
            int slots,
            LogClock clock) {
        GatewaySlot claimed = new GatewaySlot(bootstrapServers, clientProperties, clock);
        try {
            claimed.claim(wanted, slots);
        } catch (RuntimeException e) {
            claimed.consumer.close();
            claimed.producer.close(Duration.ZERO);
            throw e;
        }
        return claimed;
    }

    private GatewaySlot(String bootstrapServers, Map<String, String> clientProperties, LogClock clock) {
        this.clock = clock;
        Map<String, Object> consuming = new HashMap<>(clientProperties);
        consuming.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        consuming.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidings-gateway-slots");
        this.consumer = new KafkaConsumer<>(consuming, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Map<String, Object> producing = ProducerSettings.durable(clientProperties);
        producing.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        producing.put(ProducerConfig.CLIENT_ID_CONFIG, "tidings-gateway-beats");
        producing.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        this.producer = new KafkaProducer<>(producing, new IntegerSerializer(), new ByteArraySerializer());
        this.thread = Thread.ofPlatform().name("gateway-beat").daemon().unstarted(this::run);
    }

    public int slot() {
        return slot;
    }

    public long epoch() {
        return epoch;
    }

    /** When the last heartbeat of the previous holder was appended, by the time of the log; 0: there was none. */
    public long precedingBeatMillis() {
        return precedingBeatMillis;
    }

    /** Whether a heartbeat was appended in the last 10 s. If not, Kafka cannot be reached. */
    public boolean isKept() {
        return System.nanoTime() - lastBeatNanos < KEPT_WITHIN.toNanos();
    }

    /** Starts the heartbeats, and calls the holder when the slot is lost. */
    public void keep(Holder owner) {
        holder = owner;
        thread.start();
    }

    private void claim(@Nullable Integer wanted, int slots) {
        consumer.assign(List.of(PARTITION));
        consumer.seekToBeginning(List.of(PARTITION));
        for (int attempt = 0; attempt <= slots; attempt++) {
            RecordMetadata probe = append(new ProducerRecord<>(Topics.GATEWAYS.name(), PROBE_KEY, null));
            readUpTo(probe.offset() + 1);
            slot = wanted != null ? wanted : holders.findFree(slots, probe.timestamp() - LAPSE.toMillis());
            epoch = holders.epochOf(slot) + 1;
            precedingBeatMillis = holders.lastBeatMillis(slot);
            readUpTo(beat(GatewayBeat.State.RUNNING) + 1);
            if (holders.holds(slot, instanceId)) {
                LOG.info("gateway slot claimed slot={} epoch={} instance={}", slot, epoch, instanceId);
                return;
            }
        }
        throw new IllegalStateException(
                "no gateway slot could be claimed in " + (slots + 1) + " attempts: others were faster each time");
    }

    /** Reads the topic up to an offset. Fails only after a time without progress, however long the topic is. */
    private void readUpTo(long offset) {
        long progressNanos = System.nanoTime();
        long position = consumer.position(PARTITION);
        while (position < offset) {
            poll(Duration.ofMillis(100));
            long now = System.nanoTime();
            long reached = consumer.position(PARTITION);
            if (reached > position) {
                position = reached;
                progressNanos = now;
            } else if (now - progressNanos > CLAIM_TIMEOUT.toNanos()) {
                throw new IllegalStateException(Topics.GATEWAYS.name() + " could not be read to its end: offset "
                        + position + " of " + offset + ", and no progress for " + CLAIM_TIMEOUT.toSeconds() + " s");
            }
        }
    }

    private void poll(Duration timeout) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
            if (record.value() != null) { // a probe has no value
                holders.accept(
                        Topics.GATEWAYS.value().deserializer().deserialize(record.topic(), record.value()),
                        record.timestamp());
            }
        }
    }

    /** Appends a heartbeat and returns its offset. */
    private long beat(GatewayBeat.State state) {
        Holder current = holder;
        GatewayBeat beat = GatewayBeat.newBuilder()
                .setSlot(slot)
                .setEpoch(epoch)
                .setInstanceId(instanceId)
                .setAddress(current == null ? "" : current.address())
                .setSessions(current == null ? 0 : current.sessions())
                .setUsers(current == null ? 0 : current.users())
                .setState(state)
                .setBeatAt(Timestamps.fromMillis(clock.millis()))
                .build();
        return append(new ProducerRecord<>(Topics.GATEWAYS.name(), slot, beat.toByteArray()))
                .offset();
    }

    private RecordMetadata append(ProducerRecord<Integer, byte[]> record) {
        try {
            RecordMetadata written = producer.send(record).get(CLAIM_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            clock.appended(written.timestamp());
            lastBeatNanos = System.nanoTime();
            return written;
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the heartbeat of the gateway could not be written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing a heartbeat", e);
        }
    }

    private void run() {
        try (consumer) {
            while (!closing.await(BEAT_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                if (!isStillHeld()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes one heartbeat and returns false once the slot is lost. */
    private boolean isStillHeld() {
        try {
            readUpTo(beat(GatewayBeat.State.RUNNING) + 1);
            running = holders.running(holders.lastBeatMillis(slot) - LAPSE.toMillis());
        } catch (KafkaException | IllegalStateException e) {
            LOG.warn("heartbeat failed; retrying slot={} epoch={}", slot, epoch, e);
            return true;
        }
        if (holders.holds(slot, instanceId)) {
            return true;
        }
        LOG.error("gateway slot lost to another gateway slot={} epoch={}", slot, epoch);
        Holder current = holder;
        if (current != null) {
            current.slotLost();
        }
        return false;
    }

    /** Returns the last heartbeats of the gateways that run, as of this gateway's last heartbeat. Empty before the first one. */
    public List<GatewayBeat> running() {
        return running;
    }

    /**
     * Ends the heartbeats and frees the slot. The last heartbeat has state {@code STOPPED}: the processors then do not
     * report this gateway as gone, so its {@code GatewayGone} must be in the log already.
     */
    public void release() {
        stopHeartbeats();
        try {
            if (holders.holds(slot, instanceId)) {
                beat(GatewayBeat.State.STOPPED);
            }
        } catch (KafkaException e) {
            LOG.warn("last heartbeat could not be written slot={}", slot, e);
        }
    }

    private void stopHeartbeats() {
        closing.countDown();
        try {
            if (holder == null) {
                consumer.close(); // the thread was never started
            } else {
                thread.join(CLAIM_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the heartbeats. A slot that was not released lapses after 7 s, and the processors report this gateway as gone. */
    @Override
    public void close() {
        stopHeartbeats();
        producer.close(Duration.ofSeconds(1));
    }
}
