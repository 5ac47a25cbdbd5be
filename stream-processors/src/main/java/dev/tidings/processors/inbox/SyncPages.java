package dev.tidings.processors.inbox;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Views as the pages of a sync. */
final class SyncPages {

    static final int VIEWS_PER_PAGE = 100;

    /** Views on a page of more than one; the rest of {@link Limits#PAGE} is for what stands beside them. */
    static final int BYTES_PER_PAGE = Limits.PAGE - 4 * 1024;

    private static final Comparator<ConversationView> NEWEST_FIRST = Comparator.comparing(
                    SyncPages::lastAt, Timestamps.comparator())
            .reversed()
            .thenComparing(ConversationView::getConversationId);

    private static final Comparator<ConversationView> IN_ORDER_OF_CHANGE =
            Comparator.comparingLong(ConversationView::getVersion).thenComparing(ConversationView::getConversationId);

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
     * is cut off in between goes on from there; views that changed with one and the same version lie on one page, or the
     * earlier page says less. The badge is on every page.
     *
     * @param version the user's token now
     */
    static List<SyncAnswer> of(SyncMode mode, UserSight sight, long version) {
        List<SyncAnswer> pages = switch (mode) {
            case FAST -> List.of(newest(sight.changed(), version));
            case INCREMENTAL, FULL, SYNC_MODE_UNSPECIFIED, UNRECOGNIZED -> all(sight.changed(), version);
        };
        return pages.stream()
                .map(page -> page.toBuilder().setBadge(sight.badge()).build())
                .toList();
    }

    /** When the last message was sent; of a conversation without one, when anything changed. */
    private static Timestamp lastAt(ConversationView view) {
        return view.getLastMessage().hasSentAt() ? view.getLastMessage().getSentAt() : view.getUpdatedAt();
    }

    private static SyncAnswer newest(List<ConversationView> views, long version) {
        List<ConversationView> newest =
                views.stream().sorted(NEWEST_FIRST).limit(VIEWS_PER_PAGE).toList();
        return page(newest.subList(0, endOfPage(newest, 0, newest.size())), version, true);
    }

    private static List<SyncAnswer> all(List<ConversationView> views, long version) {
        List<ConversationView> inOrder =
                views.stream().sorted(IN_ORDER_OF_CHANGE).toList();
        List<SyncAnswer> pages = new ArrayList<>();
        int from = 0;
        int to = endOfPage(inOrder, from, VIEWS_PER_PAGE);
        while (to < inOrder.size()) {
            pages.add(page(inOrder.subList(from, to), reached(inOrder, to), false));
            from = to;
            to = endOfPage(inOrder, from, VIEWS_PER_PAGE);
        }
        pages.add(page(inOrder.subList(from, to), version, true));
        return pages;
    }

    /** Up to which version all is told by the views before this index: several may have changed with the same one. */
    private static long reached(List<ConversationView> inOrder, int to) {
        long last = inOrder.get(to - 1).getVersion();
        return inOrder.get(to).getVersion() == last ? last - 1 : last;
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
