package dev.tidings.processors.inbox;

import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Views as the pages of a sync. */
final class SyncPages {

    static final int VIEWS_PER_PAGE = 100;

    /** A page is one Kafka record, which may not exceed a megabyte. */
    static final int BYTES_PER_PAGE = 500_000;

    private static final Comparator<ConversationView> NEWEST_FIRST = Comparator.comparing(
                    ConversationView::getUpdatedAt, Timestamps.comparator())
            .reversed()
            .thenComparing(ConversationView::getConversationId);

    private static final Comparator<ConversationView> IN_ORDER_OF_CHANGE =
            Comparator.comparingLong(ConversationView::getVersion);

    private SyncPages() {}

    /** Views that changed after this version belong to the answer. */
    static long since(SyncMode mode, long version) {
        return switch (mode) {
            case INCREMENTAL -> version;
            case FAST, FULL, SYNC_MODE_UNSPECIFIED, UNRECOGNIZED -> 0;
        };
    }

    /**
     * At least one page. Pages that are followed by another carry the version of their last view, so that a client that
     * is cut off in between goes on from there. Broadcasts are in every answer, whatever the client has: they change for
     * all users at once, and so take no version of any. So is the badge on every page.
     *
     * @param version the user's version now
     */
    static List<SyncAnswer> of(SyncMode mode, UserSight sight, long version) {
        List<SyncAnswer> pages = switch (mode) {
            case FAST -> List.of(newest(sight.changed(), sight.broadcasts(), version));
            case INCREMENTAL, FULL, SYNC_MODE_UNSPECIFIED, UNRECOGNIZED ->
                all(sight.changed(), sight.broadcasts(), version);
        };
        return pages.stream()
                .map(page -> page.toBuilder().setBadge(sight.badge()).build())
                .toList();
    }

    private static SyncAnswer newest(List<ConversationView> views, List<ConversationView> broadcasts, long version) {
        List<ConversationView> newest = Stream.concat(
                        views.stream().sorted(NEWEST_FIRST).limit(VIEWS_PER_PAGE), broadcasts.stream())
                .sorted(NEWEST_FIRST)
                .toList();
        return page(newest.subList(0, endOfPage(newest, 0, newest.size())), version, true);
    }

    private static List<SyncAnswer> all(List<ConversationView> views, List<ConversationView> broadcasts, long version) {
        List<ConversationView> inOrder = Stream.concat(views.stream().sorted(IN_ORDER_OF_CHANGE), broadcasts.stream())
                .toList();
        List<SyncAnswer> pages = new ArrayList<>();
        int from = 0;
        int to = endOfPage(inOrder, from, VIEWS_PER_PAGE);
        while (to < inOrder.size()) {
            long reached = to <= views.size() ? inOrder.get(to - 1).getVersion() : version;
            pages.add(page(inOrder.subList(from, to), reached, false));
            from = to;
            to = endOfPage(inOrder, from, VIEWS_PER_PAGE);
        }
        pages.add(page(inOrder.subList(from, to), version, true));
        return pages;
    }

    /** The index after the last view that still fits on the page; one always does. */
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

    private static SyncAnswer page(List<ConversationView> views, long version, boolean done) {
        return SyncAnswer.newBuilder()
                .addAllViews(views)
                .setVersion(version)
                .setDone(done)
                .build();
    }
}
