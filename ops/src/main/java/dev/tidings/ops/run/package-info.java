/**
 * Tidings as processes: the backends (Kafka, Redis, ClickHouse; embedded or elsewhere), the topics, and the all-in-one
 * that composes them with the roles. Writes one file per running all-in-one, by which other commands find it.
 */
@NullMarked
package dev.tidings.ops.run;

import org.jspecify.annotations.NullMarked;
