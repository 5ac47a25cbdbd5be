/**
 * What lies in the dead letters, and its way back. Reads {@code tidings.dead-letters} and, where that is needed, the
 * topics that letters came from; writes to those topics what an operator asks to try again. Keeps nothing: a letter stays
 * where it is, also when it has been tried again.
 */
@NullMarked
package dev.tidings.ops.deadletters;

import org.jspecify.annotations.NullMarked;
