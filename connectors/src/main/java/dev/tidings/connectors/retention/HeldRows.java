package dev.tidings.connectors.retention;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Selects the rows that a legal hold protects, in SQL. The subqueries read {@code tidings.legal_holds}, which has few rows, each time
 * that ClickHouse evaluates the condition; so a new hold protects from the next merge on.
 *
 * @param subjects expressions of the subjects of holds that protect a row
 */
public record HeldRows(List<String> subjects) {

    private static final String HELD =
            "(SELECT subject FROM tidings.legal_holds FINAL GROUP BY subject HAVING argMax(held, log_position))";

    public HeldRows {
        subjects = List.copyOf(subjects);
    }

    /** The rows of a conversation and of users. */
    public static HeldRows ofConversation(String conversationColumn, String... userColumns) {
        return new HeldRows(
                Stream.concat(Stream.of("concat('conversation:', " + conversationColumn + ')'), users(userColumns))
                        .toList());
    }

    /** The rows of users. */
    public static HeldRows ofUsers(String... userColumns) {
        return new HeldRows(users(userColumns).toList());
    }

    /** The condition that a hold protects the row. */
    public String isHeld() {
        return subjects.stream().map(subject -> subject + " IN " + HELD).collect(Collectors.joining(" OR ", "(", ")"));
    }

    /** The condition that no hold protects the row. */
    public String isFree() {
        return subjects.stream()
                .map(subject -> '(' + subject + " NOT IN " + HELD + ')')
                .collect(Collectors.joining(" AND "));
    }

    private static Stream<String> users(String... columns) {
        return Stream.of(columns).map(column -> "concat('user:', " + column + ')');
    }
}
