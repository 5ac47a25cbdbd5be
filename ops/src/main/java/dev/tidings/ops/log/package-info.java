/**
 * Kafka access for the operator's tools: reads ranges of partitions without a consumer group, appends single records, and makes
 * record contents printable. Keeps nothing; writes only the appended records.
 */
@NullMarked
package dev.tidings.ops.log;

import org.jspecify.annotations.NullMarked;
