/**
 * Searches texts for words of rules ({@link dev.tidings.processors.moderation.WordFilter}) and for hosts of links ({@link
 * dev.tidings.processors.moderation.Links}), and recognizes repeated texts ({@link
 * dev.tidings.processors.moderation.ContentHash}).
 *
 * <p>Pure functions of text and words, without topics, state, protobuf or Kafka. The package {@code rules} stores the words and
 * applies the actions. {@link dev.tidings.processors.moderation.WordFilter} defines which characters count as the same. The
 * definition depends on the Unicode tables of the JDK, so another Java version can give other results for rare characters.
 */
@NullMarked
package dev.tidings.processors.moderation;

import org.jspecify.annotations.NullMarked;
