/**
 * Kafka Connect inside this process: the real runtime with the sinks on, without its REST server.
 *
 * <p>Reads {@code tidings.conversation-events}, {@code tidings.moderation}, {@code tidings.user-events}, {@code
 * tidings.notifications}, {@code tidings.push-retries} and {@code tidings.push-outcomes} (committed records only), and writes what the sinks write; records that cannot be stored go to {@code tidings.dead-letters}, with
 * Connect's own headers ({@code __connect.errors.*}) saying from where and why.
 *
 * <p>Keeps nothing: positions are the consumer groups' ({@code connect-tidings-clickhouse}, {@code
 * connect-tidings-redis}, {@code connect-tidings-push}), so any number of workers share the work, and one that dies is replaced by the others when its
 * session lapses.
 */
@NullMarked
package dev.tidings.ops.connect;

import org.jspecify.annotations.NullMarked;
