/** The command {@code tidings}: reads settings and arguments, starts what {@link dev.tidings.ops.run} composes. */
@NullMarked
package dev.tidings.ops.cli;

import org.jspecify.annotations.NullMarked;
