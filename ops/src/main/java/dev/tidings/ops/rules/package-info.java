/**
 * The operator's rules, from outside: changes to them, as requests to {@code business} with the answers from {@code
 * business-replies}, and how they stand, folded from the log of {@code commands}. Keeps nothing.
 */
@NullMarked
package dev.tidings.ops.rules;

import org.jspecify.annotations.NullMarked;
