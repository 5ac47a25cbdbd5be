/**
 * Runs Tidings: starts the backends (Kafka, Redis, ClickHouse) that are not configured elsewhere, creates and checks the topics,
 * and composes the roles in the all-in-one. Writes one file for each running all-in-one, by which other commands find it.
 */
@NullMarked
package dev.tidings.ops.run;

import org.jspecify.annotations.NullMarked;
