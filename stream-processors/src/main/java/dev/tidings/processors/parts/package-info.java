/**
 * The building blocks of topologies: the unit of work of a record, typed state stores and their keys, the index of
 * gateways, partitioning by number, and counters for operators. Reads and writes nothing by itself, and keeps nothing.
 */
@NullMarked
package dev.tidings.processors.parts;

import org.jspecify.annotations.NullMarked;
