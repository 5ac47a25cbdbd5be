package dev.tidings.ops.bench.restore;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.ProducerSettings;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Origin;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends a message and a sync request to the topologies, and checks that the replies contain restored state: the message gets
 * the next seq of its conversation, and the sync has all conversations of its user.
 */
final class FirstReplies implements AutoCloseable {

    private static final int GATEWAY_SLOT = 0;
    private static final long SECOND_SEQ = 2;

    private final Map<String, Object> client;
    private final GeneratedConversations conversations;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private long seq;
    private int views;

    FirstReplies(ProcessorsConfig config, GeneratedConversations conversations) {
        this.client = Map.of("bootstrap.servers", config.bootstrapServers());
        this.conversations = conversations;
        this.consumer = new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < config.layout().conversations(); partition++) {
            partitions.add(new TopicPartition(Topics.CONVERSATION_EVENTS.name(), partition));
        }
        partitions.add(new TopicPartition(Topics.DELIVERIES.name(), GATEWAY_SLOT));
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        for (TopicPartition partition : partitions) {
            var _ = consumer.position(partition); // looks up the end now, before the requests
        }
    }

    /** Appends both requests to the log. Returns when they are written. */
    void request() {
        UserCommand sync = UserCommand.newBuilder()
                .setUserId(conversations.sender(0))
                .setSyncRequest(SyncRequest.newBuilder()
                        .setOrigin(Origin.newBuilder()
                                .setGatewaySlot(GATEWAY_SLOT)
                                .setFrameId("restore")
                                .setUnary(true))
                        .setMode(SyncMode.FULL))
                .build();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                ProducerSettings.durable(client), new ByteArraySerializer(), new ByteArraySerializer())) {
            var _ = producer.send(new ProducerRecord<>(
                    Topics.COMMANDS.name(),
                    bytes(conversations.id(0)),
                    conversations.message(0, "second").toByteArray()));
            var _ = producer.send(
                    new ProducerRecord<>(Topics.USER_COMMANDS.name(), bytes(sync.getUserId()), sync.toByteArray()));
        }
    }

    /**
     * Reads replies.
     *
     * @throws IllegalStateException if a reply shows that state is missing
     */
    void poll(long timeoutMillis) {
        consumer.poll(Duration.ofMillis(timeoutMillis)).forEach(record -> {
            try {
                if (record.topic().equals(Topics.DELIVERIES.name())) {
                    read(Delivery.parseFrom(record.value()));
                } else {
                    read(ConversationEvent.parseFrom(record.value()));
                }
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(record.topic() + " has a record that cannot be parsed", e);
            }
        });
    }

    private void read(ConversationEvent event) {
        if (event.getConversationId().equals(conversations.id(0))) {
            seq = event.getSeq();
            if (seq != SECOND_SEQ) {
                throw new IllegalStateException(
                        "the message after the restore has seq " + seq + "; " + SECOND_SEQ + " is right");
            }
        }
    }

    private void read(Delivery delivery) {
        if (delivery.hasSyncAnswer()) {
            views = delivery.getSyncAnswer().getViewsCount();
            if (views != GeneratedConversations.PER_USER) {
                throw new IllegalStateException("the sync after the restore has " + views + " conversations; "
                        + GeneratedConversations.PER_USER + " are right");
            }
        }
    }

    boolean areComplete() {
        return seq > 0 && views > 0;
    }

    @Override
    public void close() {
        consumer.close();
    }

    @Override
    public String toString() {
        return (seq > 0 ? "the message is sequenced" : "the message is not sequenced")
                + (views > 0 ? ", the sync is answered" : ", the sync is not answered");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
