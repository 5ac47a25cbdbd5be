/**
 * Compares the copies of conversation events in ClickHouse and Redis with the log: which events are missing, extra or different.
 *
 * <p>Reads {@code tidings.conversation-events} up to the offsets that both sinks have committed, the tables {@code events} and {@code
 * messages}, and the recent events in Redis. Writes nothing. Keeps a few numbers for each conversation of one partition in memory.
 * Not compared: views, badges and the other tables.
 *
 * <p>{@code tidings verify} compares all of it once. {@code ScheduledVerification} compares a part at intervals while connectors run.
 */
@NullMarked
package dev.tidings.ops.verify;

import org.jspecify.annotations.NullMarked;
