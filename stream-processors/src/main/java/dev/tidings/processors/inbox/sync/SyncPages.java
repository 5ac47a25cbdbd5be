package dev.tidings.processors.inbox.sync;

import dev.tidings.schemas.Limits;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import java.util.ArrayList;
import java.util.List;

/** Divides views into the pages of a sync. */
public final class SyncPages {

    static final int VIEWS_PER_PAGE = 100;

    /**
     * The largest size of the views on a page with several; the rest of {@link Limits#PAGE} is for the other fields.
     */
    static final int BYTES_PER_PAGE = Limits.PAGE - 4 * 1024;

    private SyncPages() {}

    /** Returns the version after which changed views belong to the reply. */
    public static long since(SyncMode mode, long version) {
        return switch (mode) {
            case INCREMENTAL -> version;
            case FAST, FULL, SYNC_MODE_UNSPECIFIED, UNRECOGNIZED -> 0;
        };
    }

    /**
     * Returns at least one page. Each page but the last carries the version of its last view, at most the token, so that
     * a disconnected client continues there. Views with the same version are on one page; otherwise the earlier page
     * carries a lower version. Every page has the badge.
     *
     * @param synced FAST: at least as many views as fit on a page
     * @param token of the time at which the sync began
     */
    public static List<SyncAnswer> of(SyncMode mode, SyncedViews synced, long token) {
        List<SyncAnswer> pages = switch (mode) {
            case FAST -> List.of(first(synced.views(), token));
            case INCREMENTAL, FULL, SYNC_MODE_UNSPECIFIED, UNRECOGNIZED -> all(synced, token);
        };
        return pages.stream()
                .map(page -> page.toBuilder().setBadge(synced.badge()).build())
                .toList();
    }

    private static SyncAnswer first(List<ConversationView> views, long token) {
        return page(views.subList(0, endOfPage(views, 0, VIEWS_PER_PAGE)), token, true);
    }

    private static List<SyncAnswer> all(SyncedViews synced, long token) {
        List<ConversationView> inOrder = synced.views();
        List<SyncAnswer> pages = new ArrayList<>();
        int from = 0;
        int to = endOfPage(inOrder, from, VIEWS_PER_PAGE);
        while (to < inOrder.size()) {
            pages.add(page(inOrder.subList(from, to), Math.min(reached(inOrder, to), token), false));
            from = to;
            to = endOfPage(inOrder, from, VIEWS_PER_PAGE);
        }
        boolean done = synced.reached() == 0;
        pages.add(page(inOrder.subList(from, to), done ? token : Math.min(synced.reached(), token), done));
        return pages;
    }

    /**
     * Returns the version up to which the views before this index are complete; several views may have the same
     * version.
     */
    static long reached(List<ConversationView> inOrder, int to) {
        long last = inOrder.get(to - 1).getVersion();
        return inOrder.get(to).getVersion() == last ? last - 1 : last;
    }

    /** Returns the index after the last view that fits on the page; a page has at least one. */
    private static int endOfPage(List<ConversationView> views, int from, int count) {
        int to = from;
        long bytes = 0;
        while (to < views.size() && to - from < count) {
            bytes += views.get(to).getSerializedSize();
            if (bytes > BYTES_PER_PAGE && to > from) {
                return to;
            }
            to++;
        }
        return to;
    }

    private static SyncAnswer page(List<ConversationView> views, long token, boolean done) {
        return SyncAnswer.newBuilder()
                .addAllViews(views)
                .setVersion(token)
                .setDone(done)
                .build();
    }
}
