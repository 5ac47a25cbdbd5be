/** The HTTP port of a gateway: WebSocket endpoint, health, readiness, metrics, development tokens, and the chat page. */
@NullMarked
package dev.tidings.gateway.http;

import org.jspecify.annotations.NullMarked;
