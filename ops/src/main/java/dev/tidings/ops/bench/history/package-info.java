/**
 * Measures reads of history from a ClickHouse with many messages: pages, spans of time and searches, by the classes of the gateway.
 *
 * <p>Starts Kafka, Redis and ClickHouse of its own, in a directory of the caller, and touches no running system.
 */
@NullMarked
package dev.tidings.ops.bench.history;

import org.jspecify.annotations.NullMarked;
