/** Partitions of topics whose records choose their partition by number. */
@NullMarked
package dev.tidings.processors.partitioning;

import org.jspecify.annotations.NullMarked;
