/**
 * Measures the ClickHouse sink: the time to store a filled topic, and the time of raw inserts of the same rows in the same run.
 *
 * <p>Starts Kafka, Redis and ClickHouse of its own, in a directory of the caller, and touches no running system.
 */
@NullMarked
package dev.tidings.ops.bench.sink;

import org.jspecify.annotations.NullMarked;
