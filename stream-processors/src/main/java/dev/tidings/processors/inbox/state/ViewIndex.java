package dev.tidings.processors.inbox.state;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.inbox.view.Broadcasts;
import dev.tidings.processors.inbox.view.Invitations;
import dev.tidings.processors.inbox.view.UnreadCounts;
import dev.tidings.processors.store.StateStore;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.ExpiringMessage;
import dev.tidings.state.v1.ViewIndexRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.state.v1.ViewRecord.Indexing;
import dev.tidings.state.v1.ViewTotalsRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Writes users' views, and indexes the views of users with many of them, so that a sync does not read all views of the
 * user. Users with few views have no index; their views are scanned. Views of broadcasts are never indexed. See
 * decision 37.
 *
 * <p>The entries of an indexed view depend only on the stored view, so the view has all events of its group. When it changes, its
 * entries are replaced by one in the list of recent views, which a sync reads as it reads unindexed ones. A recent view changes
 * without a write to the index, and is joined with the head of its group. Beyond the limit of the list, the view that was
 * listed first is indexed again.
 *
 * <pre>
 * (user, m, time of the last message, conversation)   newest first
 * (user, v, version, conversation)                    views without shared state
 * (user, l, conversation)                             large groups: their heads change without them
 * (user, e, time, conversation)                       when the first unread message expires
 * (user, f, conversation)                             friends
 * (user, r, version, conversation)                    recent views, in the order of listing; they have no other entry
 * </pre>
 */
public final class ViewIndex {

    /** The number of older views that are indexed with each further view of the user, until all are. */
    private static final int INDEXED_AT_ONCE = 4;

    static final StateStore<String, ViewTotalsRecord> TOTALS =
            new StateStore<>("view-totals", Serdes.String(), ProtoSerde.of(ViewTotalsRecord.parser()));
    static final StateStore<String, ViewIndexRecord> ENTRIES =
            new StateStore<>("view-index", Serdes.String(), ProtoSerde.of(ViewIndexRecord.parser()));

    private static final String BY_MESSAGE = "m";
    private static final String BY_VERSION = "v";
    private static final String LARGE = "l";
    private static final String BY_EXPIRY = "e";
    private static final String FRIENDS = "f";
    private static final String RECENT = "r";

    /** A time before any expiry. */
    private static final Timestamp EARLIEST = Timestamp.getDefaultInstance();

    private final KeyValueStore<String, ViewRecord> views;
    private final BiFunction<String, ViewRecord, ViewRecord> joined;
    private final KeyValueStore<String, ViewTotalsRecord> totals;
    private final KeyValueStore<String, ViewIndexRecord> entries;
    private final int maxScanned;
    private final int maxRecent;

    /** @param joined returns the stored view of a conversation as the user sees it; see {@link InboxStores#view} */
    ViewIndex(
            KeyValueStore<String, ViewRecord> views,
            BiFunction<String, ViewRecord, ViewRecord> joined,
            ProcessorContext<?, ?> context,
            SyncLimits limits) {
        this.views = views;
        this.joined = joined;
        this.totals = TOTALS.in(context);
        this.entries = ENTRIES.in(context);
        this.maxScanned = limits.scannedViews();
        this.maxRecent = limits.scannedViews();
    }

    /** Stores a view and its index entries. The view was read from the store by this record, or is new. */
    public void put(String userId, String conversationId, ViewRecord view) {
        if (Broadcasts.isBroadcast(conversationId)) {
            views.put(StoreKey.of(userId, conversationId), view);
            return;
        }
        switch (view.getIndexing()) {
            case INDEXING_UNSPECIFIED -> putNew(userId, conversationId, view);
            case SCANNED -> views.put(StoreKey.of(userId, conversationId), view);
            case INDEXED, RECENT -> change(userId, conversationId, view);
            case UNRECOGNIZED ->
                throw new IllegalStateException(
                        "view of " + conversationId + " was indexed by a later version of this software");
        }
    }

    /** Stores a new view. A record may write it twice, the second time in the state before it was stored. */
    private void putNew(String userId, String conversationId, ViewRecord view) {
        ViewRecord stored = views.get(StoreKey.of(userId, conversationId));
        if (stored == null) {
            add(userId, conversationId, view);
        } else {
            put(userId, conversationId, withIndexing(view, stored.getIndexing()));
        }
    }

    /** Returns the default instance for a user without views. */
    public ViewTotalsRecord totals(String userId) {
        ViewTotalsRecord stored = totals.get(userId);
        return stored == null ? ViewTotalsRecord.getDefaultInstance() : stored;
    }

    /** Returns true if some of the user's views are indexed, and thus every new one. */
    public static boolean isBegun(ViewTotalsRecord totals) {
        return totals.getComplete() || !totals.getIndexedThrough().isEmpty();
    }

    /** Returns the amount that the stored view adds to {@link ViewTotalsRecord#getBadge}. */
    public static long countedInTotals(ViewRecord stored) {
        return UnreadCounts.inBadge(stored, EARLIEST);
    }

    /** Returns at most {@code limit} indexed conversations with the newest messages, newest first. */
    public List<String> newest(String userId, int limit) {
        return conversations(userId, BY_MESSAGE, "", "", limit);
    }

    /**
     * Returns at most {@code limit} indexed conversations that changed after this version, in the order of change,
     * without large groups.
     */
    public List<String> changedAfter(String userId, long version, int limit) {
        return conversations(userId, BY_VERSION, StoreKey.number(version + 1), "", limit);
    }

    /** Returns the indexed conversations with an unread message that may have expired by this time. */
    public List<String> expiredBy(String userId, Timestamp at) {
        return conversations(userId, BY_EXPIRY, "", StoreKey.number(Timestamps.toMillis(at) + 1), Integer.MAX_VALUE);
    }

    /** Returns at most {@code limit} indexed private conversations with friends, ordered by id. */
    public List<String> friends(String userId, int limit) {
        return conversations(userId, FRIENDS, "", "", limit);
    }

    /** Returns at most {@code limit} conversations of recent views, in the order of listing. */
    public List<String> recent(String userId, int limit) {
        return conversations(userId, RECENT, "", "", limit);
    }

    /** Returns the indexed large groups that match the condition, ordered by id. */
    public List<String> large(String userId, BiPredicate<String, ViewIndexRecord> condition) {
        List<String> found = new ArrayList<>();
        String prefix = StoreKey.of(userId, LARGE);
        try (KeyValueIterator<String, ViewIndexRecord> all =
                entries.range(StoreKey.firstOf(prefix), StoreKey.lastOf(prefix))) {
            while (all.hasNext()) {
                KeyValue<String, ViewIndexRecord> entry = all.next();
                String conversationId = StoreKey.last(entry.key);
                if (condition.test(conversationId, entry.value)) {
                    found.add(conversationId);
                }
            }
        }
        return found;
    }

    /**
     * Returns conversation ids in the order of the index.
     *
     * @param from the least order value, inclusive; empty for no lower bound
     * @param to the greatest order value, exclusive; empty for no upper bound
     */
    private List<String> conversations(String userId, String kind, String from, String to, int limit) {
        List<String> found = new ArrayList<>();
        String prefix = StoreKey.of(userId, kind);
        String first = StoreKey.of(prefix, from);
        String last = to.isEmpty() ? StoreKey.lastOf(prefix) : StoreKey.of(prefix, to);
        try (KeyValueIterator<String, ViewIndexRecord> some = entries.range(first, last)) {
            while (found.size() < limit && some.hasNext()) {
                found.add(StoreKey.last(some.next().key));
            }
        }
        return found;
    }

    private void add(String userId, String conversationId, ViewRecord view) {
        ViewTotalsRecord.Builder next = totals(userId).toBuilder();
        next.setViews(next.getViews() + 1);
        if (next.getViews() <= maxScanned && !isBegun(totals(userId))) {
            views.put(StoreKey.of(userId, conversationId), withIndexing(view, Indexing.SCANNED));
        } else {
            index(userId, conversationId, view, next);
            if (!next.getComplete()) {
                indexOlder(userId, next);
            }
        }
        totals.put(userId, next.build());
    }

    private void indexOlder(String userId, ViewTotalsRecord.Builder total) {
        SortedMap<String, ViewRecord> older = new TreeMap<>(StoreKey.ORDER);
        String from = afterIndexed(userId, total.getIndexedThrough());
        try (KeyValueIterator<String, ViewRecord> some = views.range(from, StoreKey.lastOf(userId))) {
            while (older.size() < INDEXED_AT_ONCE && some.hasNext()) {
                KeyValue<String, ViewRecord> entry = some.next();
                older.put(StoreKey.second(entry.key), entry.value);
            }
        }
        older.forEach((conversationId, view) -> {
            if (view.getIndexing() == Indexing.SCANNED) {
                indexJoined(userId, conversationId, view, total);
            }
            total.setIndexedThrough(conversationId);
        });
        if (older.size() < INDEXED_AT_ONCE) {
            total.setComplete(true).clearIndexedThrough();
        }
    }

    /** Returns the first key of the views that may not be indexed yet. */
    static String afterIndexed(String userId, String indexedThrough) {
        return indexedThrough.isEmpty()
                ? StoreKey.firstOf(userId)
                : StoreKey.after(StoreKey.of(userId, indexedThrough));
    }

    private void index(String userId, String conversationId, ViewRecord view, ViewTotalsRecord.Builder total) {
        views.put(StoreKey.of(userId, conversationId), withIndexing(view, Indexing.INDEXED));
        entriesOf(userId, conversationId, view).forEach(entries::put);
        total.setBadge(total.getBadge() + countedInTotals(view));
    }

    /** Stores a view that was indexed or recent when this record read it. */
    private void change(String userId, String conversationId, ViewRecord view) {
        String key = StoreKey.of(userId, conversationId);
        ViewRecord before = views.get(key);
        if (before == null) {
            throw new IllegalStateException("indexed view of " + userId + " in " + conversationId + " is not stored");
        }
        ViewRecord next = view.toBuilder()
                .setIndexing(before.getIndexing())
                .setRecentSince(before.getRecentSince())
                .build();
        boolean isInPlace = before.getIndexing() == Indexing.RECENT
                || entriesOf(userId, conversationId, before).equals(entriesOf(userId, conversationId, next))
                        && countedInTotals(before) == countedInTotals(next);
        if (isInPlace) {
            views.put(key, next);
        } else {
            list(userId, conversationId, before, next);
        }
    }

    /** Replaces the entries of an indexed view by one in the list of recent views. */
    private void list(String userId, String conversationId, ViewRecord before, ViewRecord view) {
        entriesOf(userId, conversationId, before).keySet().forEach(entries::delete);
        ViewRecord recent = view.toBuilder()
                .setIndexing(Indexing.RECENT)
                .setRecentSince(view.getVersion())
                .build();
        views.put(StoreKey.of(userId, conversationId), recent);
        entries.put(recentKey(userId, conversationId, recent), ViewIndexRecord.getDefaultInstance());
        ViewTotalsRecord.Builder total = totals(userId).toBuilder();
        total.setBadge(total.getBadge() - countedInTotals(before)).setRecent(total.getRecent() + 1);
        if (total.getRecent() > maxRecent) {
            indexOldestRecent(userId, total);
        }
        totals.put(userId, total.build());
    }

    private void indexOldestRecent(String userId, ViewTotalsRecord.Builder total) {
        for (String conversationId : recent(userId, 1)) {
            ViewRecord view = Objects.requireNonNull(
                    views.get(StoreKey.of(userId, conversationId)), "a recent view is not stored");
            entries.delete(recentKey(userId, conversationId, view));
            total.setRecent(total.getRecent() - 1);
            indexJoined(userId, conversationId, view, total);
        }
    }

    /** Indexes a view that may lack events which its group shares. */
    private void indexJoined(String userId, String conversationId, ViewRecord view, ViewTotalsRecord.Builder total) {
        // a large group stays as stored: its entry says which head the view has not been joined with
        ViewRecord complete = view.getLarge() ? view : joined.apply(conversationId, view);
        index(userId, conversationId, complete.toBuilder().clearRecentSince().build(), total);
    }

    private static String recentKey(String userId, String conversationId, ViewRecord view) {
        return key(userId, RECENT, StoreKey.number(view.getRecentSince()), conversationId);
    }

    private static ViewRecord withIndexing(ViewRecord view, Indexing indexing) {
        return view.toBuilder().setIndexing(indexing).build();
    }

    private static SortedMap<String, ViewIndexRecord> entriesOf(String userId, String conversationId, ViewRecord view) {
        SortedMap<String, ViewIndexRecord> entries = new TreeMap<>(StoreKey.ORDER);
        if (Invitations.isRefused(view)) {
            return entries;
        }
        ViewIndexRecord empty = ViewIndexRecord.getDefaultInstance();
        String newestFirst = StoreKey.number(Long.MAX_VALUE - lastMillis(view));
        entries.put(key(userId, BY_MESSAGE, newestFirst, conversationId), empty);
        if (view.getLarge()) {
            entries.put(
                    key(userId, LARGE, conversationId),
                    ViewIndexRecord.newBuilder()
                            .setVersion(view.getVersion())
                            .setInBadge(countedInTotals(view) > 0)
                            .build());
        } else {
            entries.put(key(userId, BY_VERSION, StoreKey.number(view.getVersion()), conversationId), empty);
        }
        view.getExpiringList().stream()
                .mapToLong(ExpiringMessage::getExpiresAtMillis)
                .min()
                .ifPresent(first -> entries.put(
                        key(userId, BY_EXPIRY, StoreKey.number(Math.max(0, first)), conversationId), empty));
        if (view.getRelation().getFriends()) {
            entries.put(key(userId, FRIENDS, conversationId), empty);
        }
        return entries;
    }

    private static String key(String userId, String kind, String conversationId) {
        return StoreKey.of(userId, kind, conversationId);
    }

    private static String key(String userId, String kind, String order, String conversationId) {
        return StoreKey.of(StoreKey.of(userId, kind), order, conversationId);
    }

    /**
     * Returns the time of the last message, or of the last change of a conversation without messages, in ms since 1970.
     */
    public static long lastMillis(ViewRecord view) {
        return Math.max(
                0,
                Timestamps.toMillis(
                        view.getLastMessage().hasSentAt()
                                ? view.getLastMessage().getSentAt()
                                : view.getUpdatedAt()));
    }
}
