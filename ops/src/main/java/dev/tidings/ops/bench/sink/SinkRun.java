package dev.tidings.ops.bench.sink;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import com.google.protobuf.util.Timestamps;
import dev.tidings.ops.connect.ConnectWorker;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.embedded.EmbeddedClickHouse;
import dev.tidings.ops.embedded.EmbeddedKafka;
import dev.tidings.ops.embedded.EmbeddedRedis;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.ProducerSettings;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.TextContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Fills a topic with messages, lets a Connect worker store them, then inserts the same rows directly. */
public final class SinkRun {

    private static final List<String> TABLES = List.of("messages", "events");
    private static final int CONVERSATIONS = 1_000;
    private static final int RAW_ROWS_PER_INSERT = 20_000;
    private static final long POLL_MILLIS = 20;
    private static final long TIMEOUT_SECONDS = 300;
    private static final long FIRST_SENT_AT_MILLIS = 1_767_225_600_000L;
    private static final double NANOS_PER_SECOND = 1e9;

    private final int messages;
    private final Consumer<String> progress;

    /** @param progress receives one line for each step */
    public SinkRun(int messages, Consumer<String> progress) {
        this.messages = messages;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @param directory for the data of the servers
     * @throws IllegalStateException if the sink does not store all messages within 5 minutes
     */
    public SinkResult measure(Path directory) throws InterruptedException {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
                EmbeddedRedis redis = EmbeddedRedis.start(directory.resolve("redis"), 0);
                EmbeddedClickHouse server = EmbeddedClickHouse.start(directory.resolve("clickhouse"), 0, progress);
                Client client = new Client.Builder()
                        .addEndpoint(server.url())
                        .setUsername(server.user())
                        .setPassword(server.password())
                        .build()) {
            Settings settings = Settings.of(Map.of(
                    "kafka.bootstrap-servers", kafka.bootstrapServers(),
                    "redis.url", redis.url(),
                    "clickhouse.url", server.url(),
                    "clickhouse.user", server.user(),
                    "clickhouse.password", server.password()));
            TopicSetup.ensure(kafka.bootstrapServers(), Map.of(), TopicLayout.from(settings));
            fill(kafka.bootstrapServers());
            progress.accept("topic filled with " + messages + " messages");
            double sink;
            try (ConnectWorker worker = ConnectWorker.start(ConnectorsConfig.from(settings))) {
                sink = rowsPerSecondOfSink(client, worker);
            }
            progress.accept("stored by the sink");
            double raw = rowsPerSecondOfRawInserts(client);
            return new SinkResult((long) messages * TABLES.size(), sink, raw);
        } catch (ExecutionException | IOException e) {
            throw new IllegalStateException("ClickHouse rejects a raw insert: " + e.getMessage(), e);
        }
    }

    private void fill(String bootstrapServers) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                ProducerSettings.durable(Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "20")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < messages; i++) {
                ConversationEvent event = message(i);
                var _ = producer.send(new ProducerRecord<>(
                        Topics.CONVERSATION_EVENTS.name(),
                        event.getConversationId().getBytes(StandardCharsets.UTF_8),
                        event.toByteArray()));
            }
        }
    }

    private static ConversationEvent message(int number) {
        String conversationId = "p:user-" + number % CONVERSATIONS + ":user-z";
        long seq = number / CONVERSATIONS + 1;
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setMessageIndex(seq)
                .setSentAt(Timestamps.fromMillis(FIRST_SENT_AT_MILLIS + number))
                .setCommandId("01a1fab8-6c0e-7d32-9a55-%012d".formatted(number))
                .setMessageSent(MessageSent.newBuilder()
                        .setMessageId("01a1fab8-6c0e-7d32-9a55-%012d".formatted(number))
                        .setSender("user-" + number % CONVERSATIONS)
                        .setClientMsgId("m-" + number)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder()
                                        .setBody("message " + number + " with a text of the usual length, in " + seq))))
                .build();
    }

    /** The start of Connect is not part of the sink, so the time begins when the first batch is stored. */
    private double rowsPerSecondOfSink(Client client, ConnectWorker worker) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        long first = 0;
        long firstNanos = 0;
        while (true) {
            long stored = count(client);
            long now = System.nanoTime();
            if (first == 0 && stored > 0) {
                first = stored;
                firstNanos = now;
            }
            if (stored >= messages) {
                return (messages - first) * TABLES.size() * NANOS_PER_SECOND / Math.max(1, now - firstNanos);
            }
            if (now > deadline) {
                throw new IllegalStateException("the sink has stored " + stored + " of " + messages
                        + " messages within " + TIMEOUT_SECONDS + " s; failures: " + worker.failures());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static long count(Client client) {
        boolean exists =
                client.queryAll("EXISTS TABLE tidings.events").getFirst().getLong(1) == 1;
        return exists
                ? client.queryAll("SELECT toInt64(count()) FROM tidings.events")
                        .getFirst()
                        .getLong(1)
                : 0;
    }

    private double rowsPerSecondOfRawInserts(Client client)
            throws ExecutionException, InterruptedException, IOException {
        client.execute("CREATE DATABASE raw").get();
        long nanos = 0;
        for (String table : TABLES) {
            client.execute("CREATE TABLE raw." + table + " AS tidings." + table).get();
            for (byte[] rows : rows(client, table)) {
                long start = System.nanoTime();
                client.insert("raw." + table, new ByteArrayInputStream(rows), ClickHouseFormat.RowBinary)
                        .get()
                        .close();
                nanos += System.nanoTime() - start;
            }
        }
        return messages * TABLES.size() * NANOS_PER_SECOND / nanos;
    }

    /** Returns the rows of a table in blocks, in the order of the log. */
    private List<byte[]> rows(Client client, String table)
            throws ExecutionException, InterruptedException, IOException {
        List<byte[]> blocks = new ArrayList<>();
        QuerySettings settings = new QuerySettings().setFormat(ClickHouseFormat.RowBinary);
        for (int from = 0; from < messages; from += RAW_ROWS_PER_INSERT) {
            String sql = "SELECT * FROM tidings." + table + " ORDER BY sent_at LIMIT " + RAW_ROWS_PER_INSERT
                    + " OFFSET " + from;
            try (QueryResponse response = client.query(sql, settings).get();
                    InputStream in = response.getInputStream()) {
                blocks.add(in.readAllBytes());
            } catch (ExecutionException | InterruptedException | IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
        return blocks;
    }
}
