package dev.tidings.processors.inbox.state;

import dev.tidings.processors.store.StateStore;
import dev.tidings.processors.store.StoreKey;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Indexes the large groups that each user's devices follow, with the seqs at which the user joined. A session opens by
 * this index without a read of all views of the user.
 */
public final class FollowedGroups {

    /**
     * The largest number of groups that a user follows. Further large groups are marked as unfollowed in the user's
     * views; the groups followed already stay, so that being added to many groups takes nothing from a user.
     */
    public static final int MAX_FOLLOWED = 2_000;

    public static final StateStore<String, Long> STORE =
            new StateStore<>("followed-groups", Serdes.String(), Serdes.Long());

    /** The key of the number of followed groups, in place of a conversation id. No conversation has an empty id. */
    private static final String COUNT = "";

    private final KeyValueStore<String, Long> store;

    FollowedGroups(ProcessorContext<?, ?> context) {
        this.store = STORE.in(context);
    }

    /** Returns true if the user follows the group, or may follow one more. */
    public boolean hasRoomFor(String userId, String conversationId) {
        return store.get(StoreKey.of(userId, conversationId)) != null || count(userId) < MAX_FOLLOWED;
    }

    void follow(String userId, String conversationId, long joinedSeq) {
        Long before = store.get(StoreKey.of(userId, conversationId));
        if (before == null) {
            store.put(StoreKey.of(userId, COUNT), count(userId) + 1);
        }
        if (before == null || before != joinedSeq) {
            store.put(StoreKey.of(userId, conversationId), joinedSeq);
        }
    }

    void unfollow(String userId, String conversationId) {
        if (store.get(StoreKey.of(userId, conversationId)) == null) {
            return;
        }
        store.delete(StoreKey.of(userId, conversationId));
        long rest = count(userId) - 1;
        if (rest > 0) {
            store.put(StoreKey.of(userId, COUNT), rest);
        } else {
            store.delete(StoreKey.of(userId, COUNT));
        }
    }

    /** Returns the joined seqs by conversation id, in ascending order of ids. */
    public SortedMap<String, Long> of(String userId) {
        TreeMap<String, Long> found = new TreeMap<>();
        try (KeyValueIterator<String, Long> all = store.range(StoreKey.firstOf(userId), StoreKey.lastOf(userId))) {
            while (all.hasNext()) {
                KeyValue<String, Long> entry = all.next();
                String conversationId = StoreKey.second(entry.key);
                if (!conversationId.equals(COUNT)) {
                    found.put(conversationId, entry.value);
                }
            }
        }
        return found;
    }

    private long count(String userId) {
        Long count = store.get(StoreKey.of(userId, COUNT));
        return count == null ? 0 : count;
    }
}
