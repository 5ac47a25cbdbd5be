/** The format and the files of a process's log. */
@NullMarked
package dev.tidings.ops.logging;

import org.jspecify.annotations.NullMarked;
