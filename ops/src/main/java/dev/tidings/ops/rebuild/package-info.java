/**
 * Rebuilds from the log what can be computed from it: the state of the topologies, the copies in Redis, and the tables in ClickHouse.
 *
 * <p>{@code StateRebuild} reads the inputs of the topologies from their beginning with all output but the changelogs dropped, and with
 * {@code tidings.inbox} written anew. {@code ReadModelRebuild} empties Redis and ClickHouse and resets the positions of the sinks. While
 * a rebuild of the state is unfinished, its plan is in the topic {@code tidings-rebuild}. Decision 65.
 */
@NullMarked
package dev.tidings.ops.rebuild;

import org.jspecify.annotations.NullMarked;
