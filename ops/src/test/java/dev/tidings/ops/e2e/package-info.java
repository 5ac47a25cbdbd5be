/**
 * End-to-end tests: the whole system with a real Kafka broker, Redis, ClickHouse and browser, used over WebSockets, the chat
 * page, Kafka and SQL. {@link dev.tidings.ops.e2e.TidingsExtension} starts it.
 */
@NullMarked
package dev.tidings.ops.e2e;

import org.jspecify.annotations.NullMarked;
