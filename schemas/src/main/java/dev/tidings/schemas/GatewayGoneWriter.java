package dev.tidings.schemas;

import dev.tidings.schemas.id.CommandId;
import dev.tidings.v1.Command;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.UserCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Writes the end of a gateway's epoch: a {@code GatewayGone} record under an empty key to every partition of {@code commands}
 * and {@code user-commands}. Writing the same end twice changes nothing. See decision 21.
 */
public final class GatewayGoneWriter {

    private final Producer<String, byte[]> producer;

    /** @param producer with acks from all replicas; stays the caller's to close */
    public GatewayGoneWriter(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Returns once the record is durable in all partitions.
     *
     * @throws KafkaException if it is not durable within the timeout; some partitions may have it then
     */
    public void write(GatewayGone gone, Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        Command command = Command.newBuilder()
                .setCommandId(CommandId.next())
                .setGatewayGone(gone)
                .build();
        UserCommand userCommand = UserCommand.newBuilder().setGatewayGone(gone).build();
        List<Future<RecordMetadata>> appends = new ArrayList<>();
        appends.addAll(appendToAll(Topics.COMMANDS, command.toByteArray(), deadlineNanos));
        appends.addAll(appendToAll(Topics.USER_COMMANDS, userCommand.toByteArray(), deadlineNanos));
        try {
            for (Future<RecordMetadata> append : appends) {
                append.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new KafkaException("GatewayGone could not be written to all partitions", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing GatewayGone", e);
        }
    }

    private List<Future<RecordMetadata>> appendToAll(Topic<?, ?> topic, byte[] value, long deadlineNanos) {
        return partitions(topic, deadlineNanos).stream()
                .map(partition ->
                        producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), "", value)))
                .toList();
    }

    /** Retries until the deadline: a producer that has just started may not know the topic within the time it may block. */
    private List<PartitionInfo> partitions(Topic<?, ?> topic, long deadlineNanos) {
        while (true) {
            try {
                return producer.partitionsFor(topic.name());
            } catch (TimeoutException e) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw e;
                }
            }
        }
    }
}
