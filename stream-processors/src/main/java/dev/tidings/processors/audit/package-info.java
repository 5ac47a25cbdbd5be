/**
 * The audit records of administrative commands, for the topologies that carry the commands out. Pure functions of a command and its
 * result; keeps nothing. See decision 56.
 */
@NullMarked
package dev.tidings.processors.audit;

import org.jspecify.annotations.NullMarked;
