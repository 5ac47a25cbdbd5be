/**
 * History for analysts and for old pages of conversations, in ClickHouse.
 *
 * <p>Reads {@code tidings.conversation-events}, {@code tidings.moderation}, {@code tidings.notifications} and {@code
 * tidings.push-outcomes} (as {@code read_committed} as its consumer is told to be), writes the tables of {@link dev.tidings.connectors.clickhouse.row.Table} in database {@code tidings}, and keeps
 * their schema by the numbered migrations in its resources. It keeps nothing itself: the position is the consumer group's.
 *
 * <p>Effectively once: a row is a pure function of its record, tables collapse rows of one key, and readers ask with
 * {@code FINAL}. So a batch may be written twice, in other batches than the first time, and nothing changes. The one
 * exception are the rows of changed messages, which are put together of rows that are ({@link
 * dev.tidings.connectors.clickhouse.ChangedMessages}). Tokens for the deduplication of inserts are not used on purpose: they
 * would spare only the physical copy in one of those cases, and they would swallow the rows of a table that was emptied and
 * is being rebuilt from the beginning of the log.
 *
 * <p>Not kept: what users delete for themselves, what they call each other, requests to join, and what
 * notifications say.
 */
@NullMarked
package dev.tidings.connectors.clickhouse;

import org.jspecify.annotations.NullMarked;
