/**
 * What texts say that somebody does not want said: words of rules ({@link
 * dev.tidings.processors.moderation.WordFilter}), hosts of links ({@link dev.tidings.processors.moderation.Links}), and
 * the same again ({@link dev.tidings.processors.moderation.ContentHash}).
 *
 * <p>Pure functions of text and words. Reads and writes no topic, keeps nothing, and knows neither protobuf nor Kafka;
 * where rules are kept and what follows from a match is CONVERSATION's. What characters count as the same is said in
 * {@link dev.tidings.processors.moderation.WordFilter}; it rests on the Unicode tables of the JDK, so of rare characters
 * another Java version may think otherwise.
 */
@NullMarked
package dev.tidings.processors.moderation;

import org.jspecify.annotations.NullMarked;
