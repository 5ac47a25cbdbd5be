/**
 * Erases messages and users (decision 63): recalls the messages, removes their words from Redis and ClickHouse, and records each erasure in
 * {@code tidings.erasures}. The segments of the log are rewritten in place while their broker is stopped: {@link
 * dev.tidings.ops.erasure.LogErasure}. Legal holds forbid erasures; {@code tidings.legal-holds} has them.
 */
@NullMarked
package dev.tidings.ops.erasure;

import org.jspecify.annotations.NullMarked;
