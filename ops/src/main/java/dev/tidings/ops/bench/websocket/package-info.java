/**
 * The WebSocket client of the load generator: {@link dev.tidings.ops.bench.websocket.WebSocketEventLoop} opens connections,
 * {@link dev.tidings.ops.bench.websocket.WebSocketClient} sends and receives whole messages. Knows no client protocol and no
 * TLS. Keeps unsent bytes in memory, without a limit; stores nothing else.
 */
@NullMarked
package dev.tidings.ops.bench.websocket;

import org.jspecify.annotations.NullMarked;
