/**
 * Runs the sinks in an embedded Kafka Connect worker: the real runtime, without its REST server.
 *
 * <p>Reads {@code tidings.conversation-events}, {@code tidings.moderation}, {@code tidings.user-events}, {@code
 * tidings.notifications}, {@code tidings.push-retries}, {@code tidings.push-outcomes} and {@code tidings.directory} (committed
 * records only), and writes what the sinks write. Writes records that cannot be stored to {@code tidings.dead-letters}, with
 * Connect's headers for origin and reason ({@code __connect.errors.*}).
 *
 * <p>Keeps nothing: offsets belong to the consumer groups ({@code connect-tidings-clickhouse}, {@code
 * connect-tidings-redis}, {@code connect-tidings-push}), so any number of workers share the partitions. The others take the partitions of a dead worker
 * after its session time-out.
 */
@NullMarked
package dev.tidings.ops.connect;

import org.jspecify.annotations.NullMarked;
