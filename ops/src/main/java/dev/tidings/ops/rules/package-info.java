/**
 * Makes changes of the operator's rules, and computes the current rules from {@code tidings.commands}. Keeps nothing.
 */
@NullMarked
package dev.tidings.ops.rules;

import org.jspecify.annotations.NullMarked;
