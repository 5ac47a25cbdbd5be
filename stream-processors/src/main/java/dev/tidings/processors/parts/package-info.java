/**
 * What topologies are put together from: typed state stores, their keys, and the way to a partition by its number. Reads
 * and writes nothing by itself, and keeps nothing.
 */
@NullMarked
package dev.tidings.processors.parts;

import org.jspecify.annotations.NullMarked;
