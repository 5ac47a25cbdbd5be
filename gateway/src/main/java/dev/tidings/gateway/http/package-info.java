/** The listener: WebSocket endpoint, health, metrics, the web chat page. */
@NullMarked
package dev.tidings.gateway.http;

import org.jspecify.annotations.NullMarked;
