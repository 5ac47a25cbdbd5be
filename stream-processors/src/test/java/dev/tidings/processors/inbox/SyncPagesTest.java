package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.inbox.sync.SyncPages;
import dev.tidings.processors.inbox.sync.SyncedViews;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.GroupView;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyncPagesTest {

    @ParameterizedTest
    @EnumSource(
            value = SyncMode.class,
            names = {"FAST", "INCREMENTAL", "FULL"})
    void a_user_without_views_gets_one_empty_last_page(SyncMode mode) {
        List<SyncAnswer> pages = pages(mode, List.of(), 0);

        assertEquals(1, pages.size());
        assertTrue(pages.getFirst().getDone());
        assertEquals(0, pages.getFirst().getViewsCount());
    }

    @Test
    void fast_is_one_page_of_the_first_hundred() {
        List<SyncAnswer> pages = pages(SyncMode.FAST, views(250).reversed(), 250);

        assertEquals(1, pages.size());
        assertTrue(pages.getFirst().getDone());
        assertEquals(250, pages.getFirst().getVersion());
        assertEquals(IntStream.iterate(250, v -> v - 1).limit(100).boxed().toList(), versions(pages.getFirst()));
    }

    @ParameterizedTest
    @EnumSource(
            value = SyncMode.class,
            names = {"INCREMENTAL", "FULL"})
    void full_and_incremental_have_pages_of_100_in_the_order_of_change(SyncMode mode) {
        List<SyncAnswer> pages = pages(mode, views(250), 260);

        assertEquals(
                IntStream.rangeClosed(1, 250).boxed().toList(),
                pages.stream().flatMap(page -> versions(page).stream()).toList());
        assertEquals(
                List.of(100, 100, 50),
                pages.stream().map(SyncAnswer::getViewsCount).toList());
        assertEquals(
                List.of(false, false, true),
                pages.stream().map(SyncAnswer::getDone).toList());
    }

    @Test
    void a_client_disconnected_between_pages_continues_from_the_last_version() {
        List<SyncAnswer> pages = pages(SyncMode.FULL, views(250), 260);

        assertEquals(
                List.of(100L, 200L, 260L),
                pages.stream().map(SyncAnswer::getVersion).toList());
    }

    @Test
    void a_full_page_is_not_followed_by_an_empty_one() {
        List<SyncAnswer> pages = pages(SyncMode.FULL, views(200), 200);

        assertEquals(2, pages.size());
        assertFalse(pages.getFirst().getDone());
        assertTrue(pages.getLast().getDone());
    }

    @Test
    void only_incremental_starts_from_a_version() {
        assertEquals(7, SyncPages.since(SyncMode.INCREMENTAL, 7));
        assertEquals(0, SyncPages.since(SyncMode.FAST, 7));
        assertEquals(0, SyncPages.since(SyncMode.FULL, 7));
    }

    @Test
    void views_with_equal_versions_do_not_move_the_token_past_the_next_page() {
        List<ConversationView> views = new ArrayList<>(views(150));
        views.replaceAll(view -> view.getVersion() < 90 || view.getVersion() > 120
                ? view
                : view.toBuilder().setVersion(120).build());

        List<SyncAnswer> pages = pages(SyncMode.INCREMENTAL, views, 260);

        assertEquals(
                List.of(119L, 260L), pages.stream().map(SyncAnswer::getVersion).toList());
    }

    @ParameterizedTest
    @EnumSource(
            value = SyncMode.class,
            names = {"FAST", "INCREMENTAL", "FULL"})
    void a_page_stays_well_below_what_a_record_may_hold(SyncMode mode) {
        String announcement = "x".repeat(8_000);
        List<ConversationView> views = views(100).stream()
                .map(view -> view.toBuilder()
                        .setGroup(GroupView.newBuilder()
                                .setProfile(GroupProfile.newBuilder().setAnnouncement(announcement)))
                        .build())
                .toList();

        List<SyncAnswer> pages = pages(mode, views, 100);

        pages.forEach(page -> assertTrue(page.getSerializedSize() <= Limits.PAGE, () -> "" + page.getSerializedSize()));
        assertTrue(pages.getFirst().getViewsCount() > 25);
        assertTrue(pages.getLast().getDone());
        assertEquals(
                mode == SyncMode.FAST ? pages.getFirst().getViewsCount() : 100,
                pages.stream().mapToInt(SyncAnswer::getViewsCount).sum());
    }

    @Test
    void the_last_page_of_a_record_carries_the_version_reached() {
        List<SyncAnswer> pages = SyncPages.of(SyncMode.FULL, new SyncedViews(views(150), 0, 149), 260);

        assertEquals(
                List.of(100L, 149L), pages.stream().map(SyncAnswer::getVersion).toList());
        assertEquals(
                List.of(false, false), pages.stream().map(SyncAnswer::getDone).toList());
    }

    @Test
    void a_view_larger_than_a_page_has_one_of_its_own() {
        ConversationView huge = ConversationView.newBuilder()
                .setConversationId("g:huge")
                .setVersion(101)
                .setGroup(GroupView.newBuilder()
                        .setProfile(GroupProfile.newBuilder().setAnnouncement("x".repeat(600_000))))
                .build();
        List<ConversationView> views = new ArrayList<>(views(1));
        views.add(huge);

        assertEquals(
                List.of(1, 1),
                pages(SyncMode.FULL, views, 101).stream()
                        .map(SyncAnswer::getViewsCount)
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(
            value = SyncMode.class,
            names = {"FAST", "INCREMENTAL", "FULL"})
    void the_badge_is_on_every_page(SyncMode mode) {
        SyncPages.of(mode, new SyncedViews(views(250), 17, 0), 250).forEach(page -> assertEquals(17, page.getBadge()));
    }

    private static List<SyncAnswer> pages(SyncMode mode, List<ConversationView> views, long version) {
        return SyncPages.of(mode, new SyncedViews(views, 0, 0), version);
    }

    private static List<Integer> versions(SyncAnswer page) {
        return page.getViewsList().stream().map(view -> (int) view.getVersion()).toList();
    }

    /** Returns views in the order of change: the n-th changed at n seconds. */
    private static List<ConversationView> views(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> ConversationView.newBuilder()
                        .setConversationId("p:a:%03d".formatted(n))
                        .setVersion(n)
                        .setUpdatedAt(at(n))
                        .build())
                .toList();
    }
}
