/**
 * The operator's rules: words, links, media, pace, bans, and what users may do to each other.
 *
 * <p>Part of CONVERSATION: rules come as commands, in every partition of {@code commands}, and are kept in each task's
 * store {@code rules}. So a replay meets the same rules at the same places. What a rule finds in a content is a pure
 * function of both ({@link dev.tidings.processors.rules.Inspection}).
 */
@NullMarked
package dev.tidings.processors.rules;

import org.jspecify.annotations.NullMarked;
