package dev.tidings.processors.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tidings.processors.TestSeed;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Derived records of a store, on disk and in memory. {@code -Dtidings.seed=<seed>} repeats the random test. */
class IndexedStoreTest {

    private static final String NEWEST = "newest";

    private final long seed = TestSeed.get();
    private final List<Opened> open = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    /** Indexes names by value, and keeps the value written last. The last value is not deleted with its record. */
    private static final StoreIndex INDEX = new StoreIndex() {
        @Override
        public List<KeyValue<Bytes, byte[]>> derivedFrom(Bytes key, byte[] value) {
            return List.of(new KeyValue<>(nameOf(value), key.get()), new KeyValue<>(bytes(NEWEST), value));
        }

        @Override
        public List<Bytes> deletedWith(Bytes key, byte[] value) {
            return List.of(nameOf(value));
        }

        private static Bytes nameOf(byte[] value) {
            return bytes("name " + new String(value, StandardCharsets.UTF_8));
        }
    };

    private record Opened(IndexedStore store, BatchingStateRestoreCallback restore) {}

    @AfterEach
    void close() {
        open.forEach(opened -> opened.store().close());
    }

    @ParameterizedTest
    @EnumSource
    void a_record_is_found_by_what_is_derived_from_it(StateStore.Kind kind) {
        IndexedStore store = open(kind).store();

        store.put(bytes("1"), text("one"));
        store.put(bytes("2"), text("two"));

        assertArrayEquals(text("1"), store.get(bytes("name one")));
        assertArrayEquals(text("two"), store.get(bytes(NEWEST)));
    }

    @ParameterizedTest
    @EnumSource
    void derived_records_are_deleted_with_their_record(StateStore.Kind kind) {
        IndexedStore store = open(kind).store();
        store.put(bytes("1"), text("one"));

        assertArrayEquals(text("one"), store.delete(bytes("1")));

        assertNull(store.get(bytes("1")));
        assertNull(store.get(bytes("name one")));
        assertArrayEquals(text("one"), store.get(bytes(NEWEST)));
    }

    @ParameterizedTest
    @EnumSource
    void records_written_and_deleted_in_one_batch_leave_no_derived_record(StateStore.Kind kind) {
        Opened opened = open(kind);

        opened.restore()
                .restoreAll(List.of(
                        new KeyValue<>(bytes("1").get(), text("one")),
                        new KeyValue<>(bytes("1").get(), null)));

        assertNull(opened.store().get(bytes("name one")));
    }

    @ParameterizedTest
    @EnumSource
    void a_store_restored_from_a_compacted_changelog_equals_the_one_that_was_logged(StateStore.Kind kind) {
        System.out.println("tidings.seed=" + seed);
        Random random = new Random(seed);
        IndexedStore live = open(kind).store();
        List<KeyValue<byte[], byte[]>> changelog = new ArrayList<>();
        TreeMap<Integer, String> names = new TreeMap<>();
        for (int i = 0; i < 400; i++) {
            if (names.isEmpty() || random.nextInt(5) > 0) {
                names.put(i, "name" + i);
                write(live, changelog, i, names.get(i));
            } else {
                write(
                        live,
                        changelog,
                        Objects.requireNonNull(names.pollFirstEntry()).getKey(),
                        null);
            }
        }

        Opened restored = open(kind);
        List<KeyValue<byte[], byte[]>> left = compacted(changelog, random);
        for (int from = 0; from < left.size(); ) {
            int to = Math.min(left.size(), from + 1 + random.nextInt(50));
            restored.restore().restoreAll(left.subList(from, to));
            from = to;
        }

        assertEquals(contents(live), contents(restored.store()), "-Dtidings.seed=" + seed);
    }

    private static void write(
            IndexedStore store, List<KeyValue<byte[], byte[]>> changelog, int number, @Nullable String name) {
        Bytes key = bytes(Integer.toString(number));
        byte[] value = name == null ? null : text(name);
        store.put(key, value);
        changelog.add(new KeyValue<>(key.get(), value));
    }

    /** Drops some of the records that a later one of the same key replaces. */
    private static List<KeyValue<byte[], byte[]>> compacted(List<KeyValue<byte[], byte[]>> changelog, Random random) {
        Map<Bytes, Integer> last = new HashMap<>();
        for (int i = 0; i < changelog.size(); i++) {
            last.put(Bytes.wrap(changelog.get(i).key), i);
        }
        List<KeyValue<byte[], byte[]>> left = new ArrayList<>();
        for (int i = 0; i < changelog.size(); i++) {
            if (Objects.requireNonNull(last.get(Bytes.wrap(changelog.get(i).key))) == i || random.nextBoolean()) {
                left.add(changelog.get(i));
            }
        }
        return left;
    }

    private static Map<String, String> contents(IndexedStore store) {
        Map<String, String> contents = new TreeMap<>();
        try (var all = store.all()) {
            all.forEachRemaining(record -> contents.put(
                    new String(record.key.get(), StandardCharsets.UTF_8),
                    new String(record.value, StandardCharsets.UTF_8)));
        }
        return contents;
    }

    private Opened open(StateStore.Kind kind) {
        KeyValueStore<Bytes, byte[]> plain = switch (kind) {
            case ROCKSDB -> Stores.persistentKeyValueStore("indexed").get();
            case MEMORY -> Stores.inMemoryKeyValueStore("indexed").get();
        };
        IndexedStore store = new IndexedStore(plain, INDEX);
        Properties properties = new Properties();
        properties.put("application.id", "test");
        properties.put("bootstrap.servers", "no-broker:9092");
        StateStoreContext context = new MockProcessorContext<>(
                        properties,
                        new TaskId(0, open.size()),
                        directory.resolve(Integer.toString(open.size())).toFile())
                .getStateStoreContext();
        List<BatchingStateRestoreCallback> registered = new ArrayList<>();
        store.init(registering(context, registered), store);
        Opened opened = new Opened(store, registered.getFirst());
        open.add(opened);
        return opened;
    }

    /** Returns the context, except that it adds restore callbacks to the list. */
    private static StateStoreContext registering(
            StateStoreContext context, List<BatchingStateRestoreCallback> registered) {
        return (StateStoreContext) Proxy.newProxyInstance(
                StateStoreContext.class.getClassLoader(),
                new Class<?>[] {StateStoreContext.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("register")) {
                        registered.add((BatchingStateRestoreCallback) arguments[1]);
                        return null;
                    }
                    try {
                        return method.invoke(context, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text(text));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
