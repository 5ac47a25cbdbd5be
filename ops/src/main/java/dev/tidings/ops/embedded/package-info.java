/**
 * Starts and stops the backends of the all-in-one: a Kafka broker in this process, and Redis and ClickHouse as child processes,
 * which end when this process ends, also after kill -9.
 *
 * <ul>
 *   <li>Reads: the data directory of each backend, and the cache directory of the ClickHouse library.
 *   <li>Writes: both; the npm client fetches the library once, and its checksum is verified.
 *   <li>Keeps: all data in the data directories, through restarts, port changes and kill -9 of this process. A power cut
 *       may lose the last second: there is one replica and no fsync for each write.
 *   <li>Does not keep: ports. A free port replaces a preferred one that is taken.
 * </ul>
 *
 * Everything listens on 127.0.0.1 only. Production runs real clusters; see {@code ops/docs/operations.md}.
 */
@NullMarked
package dev.tidings.ops.embedded;

import org.jspecify.annotations.NullMarked;
