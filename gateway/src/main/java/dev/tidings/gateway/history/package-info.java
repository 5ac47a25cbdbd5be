/**
 * What happened in a conversation, by range: Redis for what is recent, ClickHouse for all of it. Messages come as they
 * stand: edited, or without content where they were recalled. Reads only.
 */
@NullMarked
package dev.tidings.gateway.history;

import org.jspecify.annotations.NullMarked;
