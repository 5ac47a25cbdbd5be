package dev.tidings.processors.intake;

import com.google.protobuf.ByteString;
import dev.tidings.processors.store.StateStore;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.BanRequest;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessCommand;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The newest requests of one partition of {@code business} with a ban until a time: at most {@value #MAX_REQUESTS}. A repeated request is
 * recognized by source, request id and content, also when the ban is over, so that it gets its first reply and not a refusal. Keeps
 * them in memory as well; {@link #reload} drops that copy. Not thread-safe.
 */
final class BanRequests {

    static final int MAX_REQUESTS = 1_000;

    static final StateStore<String, BanRequest> STORE =
            new StateStore<>("ban-requests", Serdes.String(), ProtoSerde.of(BanRequest.parser()));

    private final KeyValueStore<String, BanRequest> store;
    private final TreeMap<Long, BanRequest> byOffset = new TreeMap<>();
    /** By source and request id. */
    private final TreeMap<String, Long> offsets = new TreeMap<>();

    private boolean isLoaded;

    BanRequests(ProcessorContext<?, ?> context) {
        store = STORE.uncountedIn(context);
    }

    /** Whether the request has a ban until a time. */
    static boolean hasTimedBan(BusinessCommand request) {
        return request.getRules().getBanList().stream().anyMatch(Ban::hasUntil);
    }

    /** Whether the same request of this source is known. */
    boolean isRepeated(String source, BusinessCommand request) {
        BanRequest known = find(StoreKey.of(source, request.getRequestId()));
        return known != null && known.getDigest().equals(digest(request));
    }

    /** Adds a request, and forgets the oldest one if there are too many. A later request with the same id replaces the earlier. */
    void add(long offset, String source, BusinessCommand request) {
        String key = StoreKey.of(source, request.getRequestId());
        load();
        Long earlier = offsets.get(key);
        if (earlier != null) {
            remove(earlier);
        }
        BanRequest added = BanRequest.newBuilder()
                .setSource(source)
                .setRequestId(request.getRequestId())
                .setDigest(digest(request))
                .build();
        byOffset.put(offset, added);
        offsets.put(key, offset);
        store.put(StoreKey.number(offset), added);
        while (byOffset.size() > MAX_REQUESTS) {
            remove(byOffset.firstKey());
        }
    }

    /** Forgets what is in memory, because the store has discarded the last changes. */
    void reload() {
        isLoaded = false;
        byOffset.clear();
        offsets.clear();
    }

    private @Nullable BanRequest find(String key) {
        load();
        Long offset = offsets.get(key);
        return offset == null ? null : byOffset.get(offset);
    }

    private void remove(long offset) {
        BanRequest removed = byOffset.remove(offset);
        if (removed != null) {
            offsets.remove(StoreKey.of(removed.getSource(), removed.getRequestId()));
            store.delete(StoreKey.number(offset));
        }
    }

    private void load() {
        if (isLoaded) {
            return;
        }
        try (KeyValueIterator<String, BanRequest> all = store.all()) {
            all.forEachRemaining(entry -> {
                long offset = Long.parseLong(entry.key, 16);
                byOffset.put(offset, entry.value);
                offsets.put(StoreKey.of(entry.value.getSource(), entry.value.getRequestId()), offset);
            });
        }
        isLoaded = true;
    }

    private static ByteString digest(BusinessCommand request) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(request.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
