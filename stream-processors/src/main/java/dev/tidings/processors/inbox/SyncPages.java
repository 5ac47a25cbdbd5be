package dev.tidings.processors.inbox;

import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Views as the pages of a sync. */
final class SyncPages {

    static final int VIEWS_PER_PAGE = 100;

    private static final Comparator<ConversationView> NEWEST_FIRST = Comparator.comparing(
                    ConversationView::getUpdatedAt, Timestamps.comparator())
            .reversed()
            .thenComparing(ConversationView::getConversationId);

    private static final Comparator<ConversationView> IN_ORDER_OF_CHANGE =
            Comparator.comparingLong(ConversationView::getVersion);

    private SyncPages() {}

    /** Views that changed after this version belong to the answer. */
    static long since(SyncRequest request) {
        return switch (request.getMode()) {
            case INCREMENTAL -> request.getSince();
            case FAST, FULL, SYNC_MODE_UNSPECIFIED, UNRECOGNIZED -> 0;
        };
    }

    /**
     * At least one page. Pages that are followed by another carry the version of their last view, so that a client that
     * is cut off in between goes on from there.
     *
     * @param version the user's version now
     */
    static List<SyncAnswer> of(SyncMode mode, List<ConversationView> views, long version) {
        return switch (mode) {
            case FAST ->
                List.of(page(
                        views.stream()
                                .sorted(NEWEST_FIRST)
                                .limit(VIEWS_PER_PAGE)
                                .toList(),
                        version,
                        true));
            case INCREMENTAL, FULL, SYNC_MODE_UNSPECIFIED, UNRECOGNIZED ->
                allPages(views.stream().sorted(IN_ORDER_OF_CHANGE).toList(), version);
        };
    }

    private static List<SyncAnswer> allPages(List<ConversationView> views, long version) {
        List<SyncAnswer> pages = new ArrayList<>();
        int from = 0;
        while (views.size() - from > VIEWS_PER_PAGE) {
            List<ConversationView> part = views.subList(from, from + VIEWS_PER_PAGE);
            pages.add(page(part, part.getLast().getVersion(), false));
            from += VIEWS_PER_PAGE;
        }
        pages.add(page(views.subList(from, views.size()), version, true));
        return pages;
    }

    private static SyncAnswer page(List<ConversationView> views, long version, boolean done) {
        return SyncAnswer.newBuilder()
                .addAllViews(views)
                .setVersion(version)
                .setDone(done)
                .build();
    }
}
