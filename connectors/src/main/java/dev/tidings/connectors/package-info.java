/**
 * What the sinks share: their version, how long they wait before trying again, and what becomes of records that cannot
 * be read.
 *
 * <p>Keeps nothing of its own. Every sink here is a standard Kafka Connect plugin (Connect 4.1 or newer) that reads the
 * public topics with {@code ByteArrayConverter} and parses them itself, so that what cannot be parsed is still there in
 * its own bytes when it is reported.
 */
@NullMarked
package dev.tidings.connectors;

import org.jspecify.annotations.NullMarked;
