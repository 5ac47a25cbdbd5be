/**
 * The history of conversations by range: recent events from Redis, all others from ClickHouse, old months by ClickHouse from the
 * archive. Messages come as they stand
 * now: edited, or without content where they were recalled or have expired. Reads only.
 */
@NullMarked
package dev.tidings.gateway.history;

import org.jspecify.annotations.NullMarked;
