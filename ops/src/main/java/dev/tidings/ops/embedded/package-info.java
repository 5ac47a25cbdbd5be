/**
 * The backends of the all-in-one, started and stopped with it: a Kafka broker inside this process, and Redis and
 * ClickHouse as child processes that end when their owner does, however it ends.
 *
 * <ul>
 *   <li>Reads: the data directory that each is given, and the cache directory of the ClickHouse library.
 *   <li>Writes: the same two; the library is fetched once, with the npm client, and checked.
 *   <li>Keeps: everything in the data directories, through restarts, other ports and kill -9 of this process. What
 *       the machine itself loses in a power cut (up to about a second) is lost: there is one replica and no fsync per
 *       write.
 *   <li>Does not keep: ports. A preferred port that is taken is replaced by a free one.
 * </ul>
 *
 * Everything listens on 127.0.0.1 only. Production runs real clusters; see {@code ops/docs/operations.md}.
 */
@NullMarked
package dev.tidings.ops.embedded;

import org.jspecify.annotations.NullMarked;
