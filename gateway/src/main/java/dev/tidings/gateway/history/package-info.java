/** What happened in a conversation, by range: Redis for what is recent, ClickHouse for all of it. Reads only. */
@NullMarked
package dev.tidings.gateway.history;

import org.jspecify.annotations.NullMarked;
