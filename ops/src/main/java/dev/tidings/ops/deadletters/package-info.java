/**
 * Reads dead letters for operators and retries them. Reads {@code tidings.dead-letters} and, for a letter that was cut, the topic
 * of the original record. Writes retried records to their original topics. Keeps nothing: a letter stays in its topic, also after
 * a retry.
 */
@NullMarked
package dev.tidings.ops.deadletters;

import org.jspecify.annotations.NullMarked;
