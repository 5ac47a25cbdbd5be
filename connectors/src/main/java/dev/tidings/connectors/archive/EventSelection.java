package dev.tidings.connectors.archive;

import dev.tidings.schemas.readmodel.SqlLiterals;

/**
 * Selects events of the archive.
 *
 * @param positions a table of ClickHouse with the columns conversation_id and seq
 * @param actor all events of this user, too; empty: none
 */
public record EventSelection(String positions, String actor) {

    /** The condition on an event, in SQL. */
    String condition() {
        String isListed = "(conversation_id, seq) IN (SELECT conversation_id, seq FROM " + positions + ')';
        return actor.isEmpty() ? isListed : '(' + isListed + " OR actor = " + SqlLiterals.quoted(actor) + ')';
    }

    /** The condition on an object that can have such events, in SQL. */
    String objectCondition() {
        return actor.isEmpty()
                ? "object IN (SELECT object FROM tidings.archived_ranges WHERE conversation_id IN"
                        + " (SELECT conversation_id FROM " + positions + "))"
                : "true";
    }
}
