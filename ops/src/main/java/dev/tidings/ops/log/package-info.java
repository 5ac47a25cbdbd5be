/**
 * The log as operators' tools use it: partitions read from one offset to another without a group, single records
 * appended, and what is in them made fit for a terminal. Keeps nothing, and leaves no trace but what is appended.
 */
@NullMarked
package dev.tidings.ops.log;

import org.jspecify.annotations.NullMarked;
