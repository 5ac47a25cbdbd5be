/**
 * Checks commands against the limits that the {@code .proto} files state. The checks are pure functions without state; each
 * returns a {@link dev.tidings.v1.Refusal}, or null if the command is allowed.
 *
 * <p>The check in the topology decides. The gateway runs the same check first, so that an invalid command is refused without a
 * record in the log.
 */
@NullMarked
package dev.tidings.schemas.check;

import org.jspecify.annotations.NullMarked;
