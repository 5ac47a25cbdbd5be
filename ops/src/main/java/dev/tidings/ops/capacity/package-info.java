/** A model of the machines that a number of users needs, from measured costs. Reads and writes nothing. */
@NullMarked
package dev.tidings.ops.capacity;

import org.jspecify.annotations.NullMarked;
