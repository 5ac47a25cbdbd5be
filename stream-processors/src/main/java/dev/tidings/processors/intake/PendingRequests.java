package dev.tidings.processors.intake;

import dev.tidings.processors.store.StateStore;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.processors.store.TraceHeader;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.PendingProgress;
import dev.tidings.state.v1.PendingRequest;
import dev.tidings.v1.BusinessOrigin;
import java.util.Collection;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one partition of {@code business} that are carried out in steps, by offset: at most {@value #MAX_REQUESTS}.
 * Keeps them in memory as well, parsed; {@link #reload} drops that copy. Not thread-safe.
 */
final class PendingRequests {

    /** Few, because each takes memory and all of them progress at the same time. */
    static final int MAX_REQUESTS = 4;

    static final StateStore<String, PendingRequest> REQUESTS =
            new StateStore<>("pending-requests", Serdes.String(), ProtoSerde.of(PendingRequest.parser()));

    static final StateStore<String, PendingProgress> PROGRESS =
            new StateStore<>("pending-progress", Serdes.String(), ProtoSerde.of(PendingProgress.parser()));

    private final KeyValueStore<String, PendingRequest> requests;
    private final KeyValueStore<String, PendingProgress> progress;
    private final int partition;
    private final TreeSet<Long> changed = new TreeSet<>();
    private @Nullable TreeMap<Long, PendingCommands> loaded;

    PendingRequests(ProcessorContext<?, ?> context) {
        requests = REQUESTS.in(context);
        progress = PROGRESS.in(context);
        partition = context.taskId().partition();
    }

    boolean isFull() {
        return all().size() >= MAX_REQUESTS;
    }

    void add(long offset, PendingRequest request) {
        all().put(offset, pending(offset, request, PendingProgress.getDefaultInstance()));
        requests.put(StoreKey.number(offset), request);
        changed.add(offset);
    }

    /** Returns null if the request is not pending, or no longer. Call {@link #changed} after a change. */
    @Nullable
    PendingCommands find(long offset) {
        return all().get(offset);
    }

    /** Returns the requests before this offset, in their order. Call {@link #changed} after a change of one. */
    Collection<Long> before(long offset) {
        return all().headMap(offset).keySet();
    }

    void changed(long offset) {
        changed.add(offset);
    }

    /** Stores the progress of the changed requests, and deletes those that are done. */
    void save() {
        for (long offset : changed) {
            String key = StoreKey.number(offset);
            PendingCommands commands = Objects.requireNonNull(all().get(offset));
            if (commands.isDone()) {
                all().remove(offset);
                requests.delete(key);
                progress.delete(key);
            } else {
                progress.put(key, commands.progress());
            }
        }
        changed.clear();
    }

    /** Forgets what is in memory, because the stores have discarded the last changes. */
    void reload() {
        loaded = null;
        changed.clear();
    }

    private TreeMap<Long, PendingCommands> all() {
        if (loaded == null) {
            TreeMap<Long, PendingCommands> read = new TreeMap<>();
            try (KeyValueIterator<String, PendingRequest> stored = requests.all()) {
                while (stored.hasNext()) {
                    KeyValue<String, PendingRequest> entry = stored.next();
                    PendingProgress reached = progress.get(entry.key);
                    long offset = Long.parseLong(entry.key, 16);
                    read.put(
                            offset,
                            pending(
                                    offset,
                                    entry.value,
                                    reached == null ? PendingProgress.getDefaultInstance() : reached));
                }
            }
            loaded = read;
        }
        return loaded;
    }

    private PendingCommands pending(long offset, PendingRequest request, PendingProgress reached) {
        RequestPosition position =
                new RequestPosition(Topics.BUSINESS.name(), partition, offset, request.getEpochMillis());
        BusinessOrigin origin = BusinessOrigin.newBuilder()
                .setSource(request.getSource())
                .setRequestId(request.getCommand().getRequestId())
                .setJson(request.getJson())
                .build();
        return new PendingCommands(
                CommandExpansion.toMany(RequestOrigin.of(origin, request.getCommand()), request.getCommand(), position),
                TraceHeader.headers(request.getTraceparent()),
                reached);
    }
}
