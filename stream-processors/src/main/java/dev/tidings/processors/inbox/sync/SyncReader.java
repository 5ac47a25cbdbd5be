package dev.tidings.processors.inbox.sync;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.state.SyncLimits;
import dev.tidings.processors.inbox.state.ViewIndex;
import dev.tidings.processors.inbox.view.GroupHeads;
import dev.tidings.processors.inbox.view.Invitations;
import dev.tidings.processors.inbox.view.UnreadCounts;
import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.state.v1.ViewIndexRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.state.v1.ViewTotalsRecord;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
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

    /** The views that may differ from their index entries, and the badge, which needs them. */
    private record Unindexed(TreeMap<String, ViewRecord> views, long badge) {}

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
        Unindexed unindexed = unindexed(userId, Long.MAX_VALUE, at);
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
        Unindexed unindexed = unindexed(userId, version, at);
        List<UserView> expired = visible(unindexed.views())
                .filter(view -> view.view().getVersion() <= version && UnreadCounts.hasExpired(view.view(), at))
                .sorted(IN_ORDER_OF_CHANGE)
                .toList();
        SyncedViews changed = changedAfter(userId, version, unindexed, at);
        return expired.isEmpty() ? changed : prepended(expired, changed, at);
    }

    /** Returns the next views of a sync that has reached a version. */
    SyncedViews restAfter(String userId, long version, Timestamp at) {
        return changedAfter(userId, version, unindexed(userId, version, at), at);
    }

    private SyncedViews changedAfter(String userId, long version, Unindexed unindexed, Timestamp at) {
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

    /** Returns all unindexed views, and the indexed views that may look different from their last write. */
    private Unindexed unindexed(String userId, long version, Timestamp at) {
        ViewTotalsRecord totals = index.totals(userId);
        TreeMap<String, ViewRecord> found = new TreeMap<>(StoreKey.ORDER);
        long badge = totals.getBadge();
        if (!totals.getComplete()) {
            stores.forEachScannedView(userId, totals.getIndexedThrough(), found::put);
        }
        stores.forEachBroadcastOf(userId, found::put);
        for (ViewRecord view : found.values()) {
            badge += inBadge(view, at);
        }
        if (ViewIndex.isBegun(totals)) {
            TreeSet<String> suspects = new TreeSet<>(StoreKey.ORDER);
            suspects.addAll(index.expiredBy(userId, at));
            suspects.addAll(index.large(userId, (conversationId, entry) -> mayDiffer(conversationId, entry, version)));
            for (String conversationId : suspects) {
                ViewRecord stored = stores.storedView(userId, conversationId);
                ViewRecord view = stores.view(userId, conversationId);
                badge += inBadge(view, at) - ViewIndex.countedInTotals(stored);
                found.put(conversationId, view);
            }
        }
        return new Unindexed(found, badge);
    }

    private boolean mayDiffer(String conversationId, ViewIndexRecord entry, long version) {
        long headVersion = GroupHeads.version(stores.groupHead(conversationId));
        return entry.getVersion() > version || headVersion > version || entry.getInBadge() && headVersion > 0;
    }

    private static long inBadge(ViewRecord view, Timestamp at) {
        return Invitations.isRefused(view) ? 0 : UnreadCounts.inBadge(view, at);
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
