/**
 * What topologies are put together from: the unit of work that each record is, typed state stores, their keys, what hangs
 * on gateways, the way to a partition by its number, and counts for operators. Reads and writes nothing by itself, and
 * keeps nothing.
 */
@NullMarked
package dev.tidings.processors.parts;

import org.jspecify.annotations.NullMarked;
