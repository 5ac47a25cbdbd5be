/**
 * Backs up and restores the data directory of a stopped all-in-one: Kafka, Redis, ClickHouse and the secrets. A backup directory has one
 * directory for each backup, with the files and a manifest of their sizes and SHA-256 sums. Files that have not changed since the
 * backup before are hard links to it. The local state of the topologies is left out: they restore it from their changelogs in Kafka.
 */
@NullMarked
package dev.tidings.ops.backup;

import org.jspecify.annotations.NullMarked;
