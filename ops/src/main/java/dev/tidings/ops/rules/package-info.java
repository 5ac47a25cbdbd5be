/**
 * Changes and reads the operator's rules. Writes changes as requests to {@code tidings.business}, and reads the answers from {@code
 * tidings.business-replies}. Computes the current rules from {@code tidings.commands}. Keeps nothing.
 */
@NullMarked
package dev.tidings.ops.rules;

import org.jspecify.annotations.NullMarked;
