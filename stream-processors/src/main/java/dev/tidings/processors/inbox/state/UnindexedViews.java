package dev.tidings.processors.inbox.state;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.inbox.view.GroupHeads;
import dev.tidings.processors.inbox.view.Invitations;
import dev.tidings.processors.inbox.view.UnreadCounts;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.state.v1.ViewIndexRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.state.v1.ViewTotalsRecord;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The views of a user that have no index entries or may differ from them, broadcasts included, and the user's badge, which
 * needs them.
 *
 * @param views by conversation id, in the order of the store
 * @param badge unread messages in all conversations that are neither muted nor hidden
 */
public record UnindexedViews(TreeMap<String, ViewRecord> views, long badge) {

    /**
     * Reads the unindexed and the recent views, and the indexed views that may look different from their last write.
     *
     * @param version includes large groups whose own view or head is newer
     * @param at the time in the log; messages expired by then do not count
     */
    public static UnindexedViews of(InboxStores stores, String userId, long version, Timestamp at) {
        ViewIndex index = stores.viewIndex();
        ViewTotalsRecord totals = index.totals(userId);
        TreeMap<String, ViewRecord> found = new TreeMap<>(StoreKey.ORDER);
        long badge = totals.getBadge();
        if (!totals.getComplete()) {
            stores.forEachScannedView(userId, totals.getIndexedThrough(), found::put);
        }
        stores.forEachRecentView(userId, found::put);
        stores.forEachBroadcastOf(userId, found::put);
        for (ViewRecord view : found.values()) {
            badge += inBadge(view, at);
        }
        if (ViewIndex.isBegun(totals)) {
            TreeSet<String> suspects = new TreeSet<>(StoreKey.ORDER);
            suspects.addAll(index.expiredBy(userId, at));
            suspects.addAll(
                    index.large(userId, (conversationId, entry) -> mayDiffer(stores, conversationId, entry, version)));
            for (String conversationId : suspects) {
                ViewRecord stored = stores.storedView(userId, conversationId);
                ViewRecord view = stores.view(userId, conversationId);
                badge += inBadge(view, at) - ViewIndex.countedInTotals(stored);
                found.put(conversationId, view);
            }
        }
        return new UnindexedViews(found, badge);
    }

    /** As {@link #of}, with only the views that the badge needs. */
    public static UnindexedViews forBadge(InboxStores stores, String userId, Timestamp at) {
        return of(stores, userId, Long.MAX_VALUE, at);
    }

    /** Returns the number of views that the badge needs, without indexed views that look different. */
    public static int countForBadge(InboxStores stores, String userId) {
        ViewTotalsRecord totals = stores.viewIndex().totals(userId);
        return (totals.getComplete() ? 0 : totals.getViews()) + totals.getRecent() + stores.broadcastCount();
    }

    private static boolean mayDiffer(InboxStores stores, String conversationId, ViewIndexRecord entry, long version) {
        long headVersion = GroupHeads.version(stores.groupHead(conversationId));
        return entry.getVersion() > version || headVersion > version || entry.getInBadge() && headVersion > 0;
    }

    private static long inBadge(ViewRecord view, Timestamp at) {
        return Invitations.isRefused(view) ? 0 : UnreadCounts.inBadge(view, at);
    }
}
