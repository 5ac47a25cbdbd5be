/**
 * The ClickHouse sink: history for analysts and for old pages of conversations.
 *
 * <p>Reads {@code tidings.conversation-events}, {@code tidings.user-events}, {@code tidings.moderation}, {@code
 * tidings.notifications}, {@code tidings.push-outcomes}, {@code tidings.directory} and {@code tidings.audit} (with {@code
 * read_committed}, as its consumer is configured), writes the tables of {@link dev.tidings.connectors.clickhouse.row.Table} in database {@code tidings}, and keeps their schema by the numbered migrations in its
 * resources. It has no state: the position is the consumer group's.
 *
 * <p>Effectively once: a row is a pure function of its record, tables collapse rows of one key, and readers ask with
 * {@code FINAL}. A batch may be written twice, divided differently, and nothing changes. The one exception are rows of changed
 * messages, which are joined from rows that are pure functions ({@link dev.tidings.connectors.clickhouse.ChangedMessages}).
 * Deduplication tokens are left out on purpose: they would spare only a physical copy, and they would swallow the rows of a
 * table that was emptied and is being rebuilt from the log.
 *
 * <p>The task with partition 0 of the events also archives old months ({@link dev.tidings.connectors.archive}) and records what the
 * retention deletes.
 *
 * <p>Not kept: deletions for oneself, remarks, join requests, typing, views, status texts, and the text of notifications.
 */
@NullMarked
package dev.tidings.connectors.clickhouse;

import org.jspecify.annotations.NullMarked;
