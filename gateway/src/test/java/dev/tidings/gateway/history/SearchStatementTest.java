package dev.tidings.gateway.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.history.SearchIndex.Position;
import dev.tidings.v1.Search.Order;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The statements of searches. SearchIT gives them to a real ClickHouse. */
class SearchStatementTest {

    private static final String ROOM = "g:room";

    @Test
    void relevanceReadsTheNumberOfTermsOfTheNewestMessagesOnly() {
        String sql = statement(List.of("rain"), "", Order.RELEVANCE, null).sql();

        String newest = "(SELECT conversation_id, seq FROM tidings.messages"
                + " WHERE hasAllTokens(search_terms, [?]) AND conversation_id = ?"
                + " ORDER BY sent_at DESC, conversation_id DESC, seq DESC LIMIT 1 BY conversation_id, seq LIMIT 10000)";
        assertTrue(sql.contains("FROM tidings.messages WHERE (conversation_id, seq) IN " + newest), sql);
        assertFalse(sql.replace(newest, "").contains("hasAllTokens"), sql);
        assertTrue(sql.contains("WHERE terms > 0"), sql);
    }

    @ParameterizedTest
    @EnumSource(names = {"NEWEST_FIRST", "RELEVANCE"})
    void aPrefixIsFoundByItsBeginningOrByTheWholeWord(Order order) {
        SearchStatement statement = statement(List.of("rain"), "umbrella", order, null);

        assertTrue(
                statement
                        .sql()
                        .contains(
                                "hasAllTokens(search_terms, [?]) AND hasAnyTokens(search_terms, [?, ?])"
                                        + " AND conversation_id = ? AND arrayExists(term -> startsWith(term, ?), search_terms)"),
                statement::sql);
        assertEquals(List.of("rain", "umb*", "umbrella", ROOM, "umbrella"), statement.values());
    }

    @ParameterizedTest
    @EnumSource(names = {"NEWEST_FIRST", "RELEVANCE"})
    void aPrefixAloneNeedsNoOtherTerm(Order order) {
        SearchStatement statement = statement(List.of(), "umbrella", order, null);

        assertFalse(statement.sql().contains("hasAllTokens"), statement::sql);
        assertEquals(List.of("umb*", "umbrella", ROOM, "umbrella"), statement.values());
    }

    @Test
    void theValuesOfThePlaceAreWhereTheOrderComparesThem() {
        Position place = new Position(7, ROOM, 3, 2);

        SearchStatement byTime = statement(List.of("rain"), "", Order.NEWEST_FIRST, place);
        SearchStatement byRelevance = statement(List.of("rain"), "", Order.RELEVANCE, place);

        assertEquals(List.of("rain", ROOM, 7L, ROOM, 3L), byTime.values());
        assertEquals(List.of("rain", ROOM, 2, 2, 7L, ROOM, 3L), byRelevance.values());
        for (SearchStatement statement : List.of(byTime, byRelevance)) {
            assertEquals(
                    statement.values().size(),
                    statement
                            .sql()
                            .chars()
                            .filter(character -> character == '?')
                            .count());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NEWEST_FIRST", "RELEVANCE"})
    void clickHouseStopsASearchBeforeTheReaderDoes(Order order) {
        String sql = statement(List.of("rain"), "", order, null).sql();

        assertTrue(sql.endsWith(" LIMIT 40 SETTINGS max_execution_time = 4"), sql);
    }

    private static SearchStatement statement(
            List<String> terms, String beginning, Order order, @Nullable Position after) {
        return new SearchStatement(
                new SearchIndex.Query(terms, beginning, "anna", ROOM, "", "", 0, Long.MAX_VALUE, order, after), 40);
    }
}
