package dev.tidings.ops.bench.history;

import com.clickhouse.client.api.Client;
import dev.tidings.gateway.history.History;
import dev.tidings.gateway.history.HistoryQuery;
import dev.tidings.gateway.history.HistoryStatements;
import dev.tidings.gateway.history.HistoryStores;
import dev.tidings.gateway.history.ReadOrder;
import dev.tidings.gateway.history.SearchIndex;
import dev.tidings.gateway.history.SearchStatement;
import dev.tidings.gateway.history.SeqSpan;
import dev.tidings.gateway.readmodel.ReadModelConfig;
import dev.tidings.gateway.readmodel.ReadModels;
import dev.tidings.ops.connect.ConnectWorker;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.embedded.EmbeddedClickHouse;
import dev.tidings.ops.embedded.EmbeddedKafka;
import dev.tidings.ops.embedded.EmbeddedRedis;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.Search;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Fills ClickHouse with messages, then reads pages, spans of time and searches of random conversations. */
public final class HistoryRun {

    private static final int MESSAGES_PER_CONVERSATION = 500;
    private static final long ROWS_PER_INSERT = 500_000;
    private static final int PAGE = 50;
    private static final int CANDIDATES = 40;
    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);
    private static final long POLL_MILLIS = 100;
    private static final long TIMEOUT_SECONDS = 600;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long SEED = 1;

    private final GeneratedMessages messages;
    private final int reads;
    private final Consumer<String> progress;
    private final List<HistoryResult.Read> results = new ArrayList<>();
    private final Map<String, List<String>> plans = new LinkedHashMap<>();

    /**
     * @param count of messages, at least 100,000
     * @param reads of each kind; as many before them are not measured
     * @param progress receives one line for each step
     */
    public HistoryRun(long count, int reads, Consumer<String> progress) {
        this.messages = new GeneratedMessages(count, count / MESSAGES_PER_CONVERSATION);
        this.reads = reads;
        this.progress = progress;
    }

    /** One read of a random conversation. Returns the number of events or hits. */
    private interface OneRead {
        int read(SplittableRandom random);
    }

    /**
     * Measures.
     *
     * @param directory for the data of the servers
     * @throws IllegalStateException if ClickHouse has no schema, or still merges, after 10 minutes
     */
    public HistoryResult measure(Path directory) throws InterruptedException {
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
            createSchema(kafka.bootstrapServers(), settings, client);
            fill(client);
            try (ReadModels readModels = new ReadModels(ReadModelConfig.from(settings))) {
                measure(new HistoryStores(readModels), client);
            }
            long parts =
                    number(client, "SELECT toInt64(count()) FROM system.parts WHERE database = 'tidings' AND active");
            return new HistoryResult(messages.count(), parts, results, plans);
        } catch (ExecutionException e) {
            throw new IllegalStateException("ClickHouse rejects an insert: " + e.getMessage(), e);
        }
    }

    private void createSchema(String bootstrapServers, Settings settings, Client client) throws InterruptedException {
        TopicSetup.ensure(bootstrapServers, Map.of(), TopicLayout.from(settings));
        try (ConnectWorker worker = ConnectWorker.start(ConnectorsConfig.from(settings))) {
            await(
                    () -> number(
                                    client,
                                    "SELECT toInt64(count()) FROM system.data_skipping_indices WHERE database = 'tidings'"
                                            + " AND table = 'events' AND name = 'sent_at_index'")
                            == 1,
                    "the sink has not created the schema; failures: " + worker.failures());
        }
    }

    private void fill(Client client) throws ExecutionException, InterruptedException {
        for (long from = 0; from < messages.count(); from += ROWS_PER_INSERT) {
            for (String insert : messages.inserts(from, Math.min(ROWS_PER_INSERT, messages.count() - from))) {
                client.execute(insert).get();
            }
            progress.accept("inserted " + Math.min(from + ROWS_PER_INSERT, messages.count()) + " messages");
        }
        await(() -> number(client, "SELECT toInt64(count()) FROM system.merges") == 0, "ClickHouse still merges");
    }

    private void measure(HistoryStores stores, Client client) {
        History history = stores.history(System::currentTimeMillis);
        SearchIndex index = stores.searchIndex();
        String conversation = GeneratedMessages.conversationId(messages.conversations() / 2);
        long last = messages.perConversation();
        long millis = messages.sentAtMillis(messages.count() / 2);

        String name = "last page of a conversation";
        measure(
                name,
                50,
                random -> history.read(conversation(random), 1, Long.MAX_VALUE, PAGE)
                        .events()
                        .size());
        plan(client, name, HistoryStatements.HEAD, List.of(conversation));
        plan(client, name, HistoryStatements.events(ReadOrder.NEWEST_FIRST), page(conversation, last - PAGE + 1, last));

        name = "page around a message";
        measure(
                name,
                50,
                random -> history.around(conversation(random), 1 + random.nextLong(last), SeqSpan.ALL, PAGE)
                        .events()
                        .size());
        plan(
                client,
                name,
                HistoryStatements.events(ReadOrder.OLDEST_FIRST),
                page(conversation, last / 2, last / 2 + PAGE));

        name = "ten days of a conversation";
        measure(name, 100, random -> {
            String id = conversation(random);
            long from = messages.sentAtMillis(random.nextLong(messages.count()));
            return history.read(HistoryQuery.newest(id, history.between(id, from, from + 10 * DAY_MILLIS), PAGE))
                    .events()
                    .size();
        });
        plan(client, name, HistoryStatements.POSITION, List.of(conversation, millis, conversation, millis));

        name = "rare word in all of a user";
        measure(
                name,
                500,
                random -> search(
                        history,
                        index,
                        query(GeneratedMessages.RARE_WORD, GeneratedMessages.owner(random.nextLong(100)), "")));
        plan(client, name, query(GeneratedMessages.RARE_WORD, GeneratedMessages.owner(0), ""));

        name = "frequent word in all of a user";
        measure(
                name,
                500,
                random -> search(history, index, query("w0000", GeneratedMessages.owner(random.nextLong(100)), "")));
        plan(client, name, query("w0000", GeneratedMessages.owner(0), ""));

        name = "word in one conversation";
        measure(
                name,
                100,
                random -> search(
                        history, index, query("w%04d".formatted(random.nextInt(100)), "", conversation(random))));
        plan(client, name, query("w0042", "", conversation));
    }

    private String conversation(SplittableRandom random) {
        return GeneratedMessages.conversationId(random.nextLong(messages.conversations()));
    }

    private static List<Object> page(String conversation, long fromSeq, long toSeq) {
        return List.of(conversation, fromSeq, toSeq, (long) Limits.PAGE);
    }

    private static SearchIndex.Query query(String word, String userId, String conversationId) {
        return new SearchIndex.Query(
                List.of(word), "", userId, conversationId, "", "", 0, Long.MAX_VALUE, Search.Order.NEWEST_FIRST, null);
    }

    /** As the gateway: each candidate is read as it stands. */
    private static int search(History history, SearchIndex index, SearchIndex.Query query) {
        int hits = 0;
        for (SearchIndex.Position candidate : index.candidates(query, CANDIDATES)) {
            hits += history.read(candidate.conversationId(), candidate.seq(), candidate.seq(), 1)
                    .events()
                    .size();
            if (hits == CANDIDATES / 2) {
                break;
            }
        }
        return hits;
    }

    private void measure(String name, int goalMillis, OneRead read) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < reads; i++) {
            read.read(random);
        }
        long[] nanos = new long[reads];
        long found = 0;
        for (int i = 0; i < reads; i++) {
            long start = System.nanoTime();
            found += read.read(random);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        results.add(new HistoryResult.Read(
                name,
                percentile(nanos, 0.5) / NANOS_PER_MILLI,
                percentile(nanos, 0.99) / NANOS_PER_MILLI,
                found,
                goalMillis));
        progress.accept("measured: " + name);
    }

    private static long percentile(long[] ascending, double part) {
        return ascending[(int) Math.min(ascending.length - 1, Math.floor(ascending.length * part))];
    }

    private void plan(Client client, String name, SearchIndex.Query query) {
        SearchStatement statement = new SearchStatement(query, CANDIDATES);
        plan(client, name, statement.sql(), statement.values());
    }

    private void plan(Client client, String name, String statement, List<?> values) {
        String sql = "EXPLAIN indexes = 1 " + statement;
        for (Object value : values) {
            String literal = value instanceof Long ? value.toString() : "'" + value + "'";
            int mark = sql.indexOf('?');
            sql = sql.substring(0, mark) + literal + sql.substring(mark + 1);
        }
        List<String> lines = plans.computeIfAbsent(name, _ -> new ArrayList<>());
        client.queryAll(sql).forEach(row -> lines.add(row.getString(1)));
    }

    private static long number(Client client, String sql) {
        return client.queryAll(sql).getFirst().getLong(1);
    }

    private static void await(BooleanSupplier condition, String failure) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(failure + ", after " + TIMEOUT_SECONDS + " s");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
