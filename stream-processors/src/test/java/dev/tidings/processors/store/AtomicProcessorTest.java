package dev.tidings.processors.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tidings.processors.TestSeed;
import dev.tidings.processors.supervision.ProcessingFailureHandler;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SessionReady;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Units of work in a small topology with one store and one output. Prints its seed; {@code -Dtidings.seed=<seed>}
 * repeats a run.
 */
class AtomicProcessorTest {

    private static final StateStore<String, ViewRecord> STORE =
            new StateStore<>("views", Serdes.String(), ProtoSerde.of(ViewRecord.parser()));
    private static final StateStore<String, ViewRecord> RULES =
            new StateStore<>("rules", Serdes.String(), ProtoSerde.of(ViewRecord.parser()));
    private static final String SINK = "out";

    private final Deque<Consumer<Work>> scripts = new ArrayDeque<>();
    private final List<String> refused = new ArrayList<>();
    private int discarded;
    private boolean unwritable;
    private final TopologyTestDriver driver = driver();

    /** The operations of a script. */
    private record Work(
            ProcessorContext<String, Message> context,
            KeyValueStore<String, ViewRecord> store,
            KeyValueStore<String, ViewRecord> rules) {
        void forward(Message message) {
            context.forward(new Record<>("key", message, 0), SINK);
        }
    }

    private final class Scripted extends AtomicProcessor<String, String, String, Message> {

        @SuppressWarnings("NullAway.Init") // by open()
        private Work work;

        @Override
        protected void open(ProcessorContext<String, Message> context) {
            work = new Work(context, STORE.in(context), RULES.uncountedIn(context));
        }

        @Override
        protected void handle(Record<String, String> record) {
            scripts.removeFirst().accept(work);
        }

        @Override
        protected void discarded(Record<String, String> record) {
            discarded++;
        }

        @Override
        protected void refuse(Record<String, String> record, Refusal refusal) {
            refused.add(refusal.getMessage());
            work.forward(delivery("refused"));
        }
    }

    private TopologyTestDriver driver() {
        Topology topology = new Topology()
                .addSource("in", new StringDeserializer(), new StringDeserializer(), "in")
                .addProcessor("scripted", Scripted::new, "in")
                .addStateStore(STORE.builder(StateStore.Kind.MEMORY), "scripted")
                .addStateStore(RULES.builder(StateStore.Kind.MEMORY), "scripted")
                .addSink(SINK, "out", new StringSerializer(), this::bytesOf, "scripted");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "atomic");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "no-broker:9092");
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, ProcessingFailureHandler.class);
        return new TopologyTestDriver(topology, properties);
    }

    private byte[] bytesOf(String topic, Message message) {
        if (unwritable) {
            throw new IllegalStateException("the producer is broken");
        }
        return message.toByteArray();
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void staged_values_are_read_back_and_written_at_the_end() {
        run(work -> {
            assertNull(work.store().get("a"));
            work.store().put("a", view("1"));
            assertEquals(view("1"), work.store().get("a"));
            assertNull(driver.getKeyValueStore("views").get("a"));
            work.store().delete("a");
            assertNull(work.store().get("a"));
            assertNull(work.store().putIfAbsent("a", view("2")));
            assertEquals(view("2"), work.store().putIfAbsent("a", view("3")));
        });

        assertEquals(view("2"), stored("a"));
        assertEquals(0, deadLetters());
    }

    @Test
    void a_range_shows_staged_values_in_place_of_stored_ones() {
        run(work -> List.of("a", "c", "e").forEach(key -> work.store().put(key, view("old"))));
        run(work -> {
            work.store().delete("a");
            work.store().put("b", view("new"));
            work.store().put("c", view("new"));
            work.store().put("f", view("new"));

            assertEquals(
                    List.of("b=new", "c=new", "e=old", "f=new"),
                    entries(work.store().all()));
            assertEquals(List.of("b=new", "c=new"), entries(work.store().range("a", "d")));
            assertEquals(List.of("e=old", "f=new"), entries(work.store().range("d", null)));
            assertEquals(List.of("b=new"), entries(work.store().range(null, "b")));
            assertEquals(List.of(), entries(work.store().range("d", "a")));
        });
    }

    @Test
    void ranges_equal_those_of_a_store_with_immediate_writes() {
        long seed = TestSeed.get();
        System.out.println("tidings.seed=" + seed);
        Random random = new Random(seed);
        TreeMap<String, ViewRecord> model = new TreeMap<>(StoreKey.ORDER);
        for (int record = 0; record < 50; record++) {
            run(work -> {
                for (int step = 0; step < 20; step++) {
                    String key = key(random);
                    if (random.nextInt(3) == 0) {
                        assertEquals(model.remove(key), work.store().delete(key));
                    } else {
                        ViewRecord value = view(Integer.toString(random.nextInt()));
                        model.put(key, value);
                        work.store().put(key, value);
                    }
                    String from = key(random);
                    String to = key(random);
                    List<String> expected = new ArrayList<>();
                    if (StoreKey.ORDER.compare(from, to) <= 0) {
                        model.subMap(from, true, to, true)
                                .forEach((some, value) -> expected.add(some + '=' + value.getDraft()));
                    }
                    assertEquals(expected, entries(work.store().range(from, to)), "-Dtidings.seed=" + seed);
                }
            });
        }
        assertEquals(0, deadLetters(), "-Dtidings.seed=" + seed);
        model.forEach((key, value) -> assertEquals(value, stored(key)));
    }

    @Test
    void keys_are_in_the_order_of_their_bytes() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            String one = key(random);
            String other = key(random);
            assertEquals(
                    Integer.signum(java.util.Arrays.compareUnsigned(
                            one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8))),
                    Integer.signum(StoreKey.ORDER.compare(one, other)),
                    one + " and " + other);
        }
    }

    @Test
    void outputs_keep_the_order_of_forwarding() {
        run(work -> {
            work.forward(delivery("1"));
            work.forward(delivery("2"));
            work.forward(delivery("3"));
        });

        assertEquals(List.of(delivery("1"), delivery("2"), delivery("3")), written());
    }

    @Test
    void nothing_is_written_for_a_record_whose_processing_fails() {
        run(work -> work.store().put("kept", view("old")));
        run(work -> {
            work.store().put("kept", view("new"));
            work.store().put("more", view("new"));
            work.forward(delivery("half a decision"));
            throw new IllegalArgumentException("invalid record");
        });

        assertEquals(view("old"), stored("kept"));
        assertNull(stored("more"));
        assertEquals(List.of(), written());
        assertEquals(1, deadLetters());
        assertEquals(1, discarded);
        assertEquals(List.of(), refused);
        assertEquals(1, counted("UNREADABLE"));
        run(work -> assertEquals(List.of("kept=old"), entries(work.store().all())));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void an_output_may_have_its_size_limit_and_no_byte_more(int more) {
        run(work -> {
            work.store().put("a", view("1"));
            work.forward(delivery(Limits.DELIVERY + more));
        });

        assertEquals(
                more == 0 ? 1 : 0,
                written().stream().filter(AtomicProcessorTest::isLarge).count());
        assertEquals(more == 0 ? view("1") : null, stored("a"));
        assertEquals(more, deadLetters());
        assertEquals(more, counted("TOO_LARGE"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_state_value_may_have_its_size_limit_and_no_byte_more(int more) {
        run(work -> {
            work.store().put("a", view(Limits.VIEW + more));
            work.forward(delivery("1"));
        });

        assertEquals(more == 0, stored("a") != null);
        assertEquals(more, deadLetters());
        assertEquals(more, refused.size());
    }

    @Test
    void key_and_headers_count_towards_the_limit() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("stranger", new byte[Limits.RECORD - 1_000]);
        run(work -> work.context().forward(new Record<>("key", delivery(1_000), 0, headers), SINK));

        assertEquals(List.of(delivery("refused")), written());
        assertEquals(1, deadLetters());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_record_may_read_as_much_as_its_budget_and_no_more(int more) {
        run(work -> {
            work.forward(delivery("1"));
            for (int i = 0; i < Limits.STORE_OPERATIONS_PER_RECORD + more; i++) {
                work.store().get("a");
            }
        });

        assertEquals(List.of(delivery(more == 0 ? "1" : "refused")), written());
        assertEquals(more, deadLetters());
        assertEquals(more, counted("TOO_MUCH_WORK"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_record_may_write_as_much_as_its_budget_and_no_more(int more) {
        run(work -> {
            for (int i = 0; i < Limits.STORE_WRITES_PER_RECORD + more; i++) {
                work.store().put("key" + i, view("1"));
            }
        });

        assertEquals(more == 0, stored("key0") != null);
        assertEquals(more, deadLetters());
        run(work -> work.store().put("the next record begins anew", view("1")));
        assertEquals(more, deadLetters());
    }

    @Test
    void uncounted_reads_are_not_work_of_a_record() {
        run(work -> {
            for (int i = 0; i < 1_000; i++) {
                work.rules().put("key" + i, view("1"));
            }
        });
        run(work -> {
            for (int read = 0; read <= Limits.STORE_OPERATIONS_PER_RECORD; read += 1_000) {
                assertEquals(1_000, entries(work.rules().all()).size());
            }
            work.rules().put("one more", view("1"));
        });

        assertEquals(0, deadLetters());
        assertEquals(
                view("1"), driver.<String, ViewRecord>getKeyValueStore("rules").get("one more"));
    }

    @Test
    void every_entry_of_a_range_counts_as_work() {
        run(work -> {
            for (int i = 0; i < 1_000; i++) {
                work.store().put("key" + i, view("1"));
            }
        });
        run(work -> {
            while (true) {
                entries(work.store().all());
            }
        });

        assertEquals(1, deadLetters());
        assertEquals(1, counted("TOO_MUCH_WORK"));
    }

    @Test
    void the_sender_of_a_record_that_exceeds_a_limit_gets_a_refusal() {
        run(work -> work.forward(delivery(Limits.DELIVERY + 1)));

        assertEquals(
                List.of("the Delivery would have " + (Limits.DELIVERY + 1) + " bytes; at most " + Limits.DELIVERY
                        + " are allowed"),
                refused);
        assertEquals(List.of(delivery("refused")), written());
    }

    @Test
    void an_exception_while_outputs_are_written_is_not_the_records_fault() {
        unwritable = true;
        scripts.add(work -> work.forward(delivery("1")));

        assertThrows(StreamsException.class, this::pipe);
        assertEquals(0, deadLetters());
    }

    @Test
    void work_outside_records_is_not_supported() {
        run(work -> {
            assertThrows(
                    UnsupportedOperationException.class, () -> work.context().currentSystemTimeMs());
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> work.context()
                            .schedule(
                                    java.time.Duration.ofSeconds(1),
                                    org.apache.kafka.streams.processor.PunctuationType.STREAM_TIME,
                                    time -> {}));
        });

        assertEquals(0, deadLetters());
    }

    private void run(Consumer<Work> script) {
        scripts.add(script);
        pipe();
        assertTrue(scripts.isEmpty());
    }

    private void pipe() {
        driver.createInputTopic("in", new StringSerializer(), new StringSerializer())
                .pipeInput("key", "value");
    }

    private List<Delivery> written() {
        return driver.createOutputTopic(
                        "out",
                        new StringDeserializer(),
                        ProtoSerde.of(Delivery.parser()).deserializer())
                .readValuesToList();
    }

    private int letters;

    private int deadLetters() {
        letters += driver.createOutputTopic(
                        Topics.DEAD_LETTERS.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList()
                .size();
        return letters;
    }

    private double counted(String kind) {
        return driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("failed-total")
                        && kind.equals(metric.getKey().tags().get("record-id")))
                .mapToDouble(metric -> (Double) metric.getValue().metricValue())
                .sum();
    }

    private ViewRecord stored(String key) {
        return driver.<String, ViewRecord>getKeyValueStore("views").get(key);
    }

    private static List<String> entries(KeyValueIterator<String, ViewRecord> iterator) {
        List<String> entries = new ArrayList<>();
        try (iterator) {
            while (iterator.hasNext()) {
                String peeked = iterator.peekNextKey();
                KeyValue<String, ViewRecord> entry = iterator.next();
                assertEquals(peeked, entry.key);
                entries.add(entry.key + '=' + entry.value.getDraft());
            }
        }
        return entries;
    }

    private static String key(Random random) {
        String[] parts = {"a", "b", "é", "\uE000", "\uFFFD", "😀", "😁"};
        StringBuilder key = new StringBuilder();
        for (int i = 0; i <= random.nextInt(3); i++) {
            key.append(parts[random.nextInt(parts.length)]);
        }
        return key.toString();
    }

    private static ViewRecord view(String draft) {
        return ViewRecord.newBuilder().setDraft(draft).build();
    }

    private static ViewRecord view(int size) {
        ViewRecord view = ViewRecord.newBuilder()
                .setCustom(ByteString.copyFrom(new byte[size]))
                .build();
        ViewRecord exact = ViewRecord.newBuilder()
                .setCustom(ByteString.copyFrom(new byte[size - (view.getSerializedSize() - size)]))
                .build();
        assertEquals(size, exact.getSerializedSize());
        return exact;
    }

    private static Delivery delivery(String sessionId) {
        return Delivery.newBuilder()
                .setSessionReady(SessionReady.newBuilder().setSessionId(sessionId))
                .build();
    }

    private static Delivery delivery(int size) {
        int overhead = delivery("x".repeat(size)).getSerializedSize() - size;
        Delivery exact = delivery("x".repeat(size - overhead));
        assertEquals(size, exact.getSerializedSize());
        return exact;
    }

    private static boolean isLarge(Delivery delivery) {
        return delivery.getSerializedSize() > 100_000;
    }
}
