/**
 * The operator's rules: words, links, media, rate limits, bans and the policy.
 *
 * <p>Part of CONVERSATION. Rules are commands in every partition of {@code commands}, and each task keeps them in its store {@code
 * rules}, so a replay has the same rules at the same positions. The findings of the rules in a content are a pure function of both
 * ({@link dev.tidings.processors.rules.Inspection}).
 */
@NullMarked
package dev.tidings.processors.rules;

import org.jspecify.annotations.NullMarked;
