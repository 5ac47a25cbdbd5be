/**
 * The command {@code tidings}: reads settings and arguments, starts what {@link dev.tidings.ops.run} composes, and says
 * what {@link dev.tidings.ops.deadletters} and {@link dev.tidings.ops.replay} find out.
 */
@NullMarked
package dev.tidings.ops.cli;

import org.jspecify.annotations.NullMarked;
