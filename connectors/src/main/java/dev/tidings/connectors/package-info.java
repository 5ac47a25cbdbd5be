/**
 * The parts that the sinks share: connector base, version, backoff, and reporting of unreadable records.
 *
 * <p>Every sink is a standard Kafka Connect plugin (Connect 4.1 or newer). It reads the public topics with {@code
 * ByteArrayConverter} and parses records itself, so that an unreadable record is reported with its original bytes.
 */
@NullMarked
package dev.tidings.connectors;

import org.jspecify.annotations.NullMarked;
