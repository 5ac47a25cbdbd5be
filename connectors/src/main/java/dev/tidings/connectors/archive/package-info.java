/**
 * The archive of events on object storage (decision 64): ClickHouse writes months of {@code tidings.events} as Parquet objects over the S3
 * API and drops them once they are read back. {@code tidings.archive_objects} and {@code tidings.archived_ranges} say which events are
 * in which object. One process at a time writes to the archive (decision 71).
 */
@NullMarked
package dev.tidings.connectors.archive;

import org.jspecify.annotations.NullMarked;
