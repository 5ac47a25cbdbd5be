package dev.tidings.processors.inbox.sync;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.state.SyncLimits;
import dev.tidings.processors.inbox.state.UnindexedViews;
import dev.tidings.processors.inbox.state.ViewIndex;
import dev.tidings.processors.inbox.view.Invitations;
import dev.tidings.processors.inbox.view.UnreadCounts;
import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.state.v1.ViewRecord;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads the views and the badge of a sync. For a user with an index ({@link ViewIndex}), reads only the views that
 * belong to the reply or may have changed without a write: by expiry, or by the head of a large group. For other users,
 * reads all views.
 */
public final class SyncReader {

    private static final Comparator<UserView> NEWEST_FIRST = Comparator.comparingLong(
                    (UserView view) -> ViewIndex.lastMillis(view.view()))
            .reversed()
            .thenComparing(UserView::conversationId, StoreKey.ORDER);

    private static final Comparator<UserView> IN_ORDER_OF_CHANGE = Comparator.comparingLong(
                    (UserView view) -> view.view().getVersion())
            .thenComparing(UserView::conversationId, StoreKey.ORDER);

    private final InboxStores stores;
    private final ViewIndex index;
    private final int maxViewsAtOnce;

    /** @param view the view as the user sees it, with shared state */
    private record UserView(String conversationId, ViewRecord view) {}

    SyncReader(InboxStores stores, SyncLimits limits) {
        this.stores = stores;
        this.index = stores.viewIndex();
        this.maxViewsAtOnce = limits.viewsAtOnce();
    }

    /**
     * Returns the conversations with the newest messages, newest first.
     *
     * @param at the time in the log; messages expired by then are not shown
     */
    SyncedViews newest(String userId, int limit, Timestamp at) {
        UnindexedViews unindexed = UnindexedViews.of(stores, userId, Long.MAX_VALUE, at);
        TreeMap<String, ViewRecord> found = unindexed.views();
        index.newest(userId, limit)
                .forEach(conversationId ->
                        found.computeIfAbsent(conversationId, indexed -> stores.view(userId, indexed)));
        List<UserView> newest = visible(found).sorted(NEWEST_FIRST).limit(limit).toList();
        return synced(newest, unindexed.badge(), 0, at);
    }

    /**
     * Returns the views that changed after a version, in the order of change, and the views with expired unread
     * messages; at most as many as one record sends.
     */
    SyncedViews changedAfter(String userId, long version, Timestamp at) {
        UnindexedViews unindexed = UnindexedViews.of(stores, userId, version, at);
        List<UserView> expired = visible(unindexed.views())
                .filter(view -> view.view().getVersion() <= version && UnreadCounts.hasExpired(view.view(), at))
                .sorted(IN_ORDER_OF_CHANGE)
                .toList();
        SyncedViews changed = changedAfter(userId, version, unindexed, at);
        return expired.isEmpty() ? changed : prepended(expired, changed, at);
    }

    /** Returns the next views of a sync that has reached a version. */
    SyncedViews restAfter(String userId, long version, Timestamp at) {
        return changedAfter(userId, version, UnindexedViews.of(stores, userId, version, at), at);
    }

    private SyncedViews changedAfter(String userId, long version, UnindexedViews unindexed, Timestamp at) {
        TreeMap<String, ViewRecord> found = unindexed.views();
        // one more, to find the start of the next step
        index.changedAfter(userId, version, maxViewsAtOnce + 1)
                .forEach(conversationId ->
                        found.computeIfAbsent(conversationId, indexed -> stores.view(userId, indexed)));
        List<UserView> changed = visible(found)
                .filter(view -> view.view().getVersion() > version)
                .sorted(IN_ORDER_OF_CHANGE)
                .limit(maxViewsAtOnce + 1L)
                .toList();
        if (changed.size() <= maxViewsAtOnce) {
            return synced(changed, unindexed.badge(), 0, at);
        }
        long next = changed.getLast().view().getVersion();
        List<UserView> step = changed.subList(0, maxViewsAtOnce);
        long last = step.getLast().view().getVersion();
        return synced(step, unindexed.badge(), next == last ? last - 1 : last, at);
    }

    private static SyncedViews prepended(List<UserView> views, SyncedViews rest, Timestamp at) {
        SyncedViews first = synced(views, rest.badge(), rest.reached(), at);
        return new SyncedViews(
                Stream.concat(first.views().stream(), rest.views().stream()).toList(), rest.badge(), rest.reached());
    }

    private static Stream<UserView> visible(TreeMap<String, ViewRecord> views) {
        return views.entrySet().stream()
                .filter(entry -> !Invitations.isRefused(entry.getValue()))
                .map(entry -> new UserView(entry.getKey(), entry.getValue()));
    }

    private static SyncedViews synced(List<UserView> views, long badge, long reached, Timestamp at) {
        return new SyncedViews(
                views.stream()
                        .map(view -> ViewDecider.shown(view.conversationId(), view.view(), at))
                        .toList(),
                badge,
                reached);
    }
}
