/**
 * History for analysts and for old pages of conversations: {@code tidings.conversation-events} into ClickHouse.
 *
 * <p>Reads {@code tidings.conversation-events} (as {@code read_committed} as its consumer is told to be), writes tables
 * {@code events}, {@code messages} and {@code reads} of database {@code tidings}, and keeps their schema by the numbered
 * migrations in its resources. It keeps nothing itself: the position is the consumer group's.
 *
 * <p>Effectively once: a row is a pure function of its record, tables collapse rows of one key, and readers ask with
 * {@code FINAL}. So a batch may be written twice, in other batches than the first time, and nothing changes. Tokens for
 * the deduplication of inserts are not used on purpose: they would spare only the physical copy in one of those cases,
 * and they would swallow the rows of a table that was emptied and is being rebuilt from the beginning of the log.
 */
@NullMarked
package dev.tidings.connectors.clickhouse;

import org.jspecify.annotations.NullMarked;
