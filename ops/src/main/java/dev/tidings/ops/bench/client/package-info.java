/**
 * The clients of a run: they speak the client protocol over {@link dev.tidings.ops.bench.websocket} and record what they send
 * and receive in {@link dev.tidings.ops.bench.check}.
 *
 * <p>{@link dev.tidings.ops.bench.client.ChatClient} is a user in one conversation under steady load; {@link
 * dev.tidings.ops.bench.client.StormClient} is a user in several conversations who loses the connection and comes back; {@link
 * dev.tidings.ops.bench.client.GroupCreator} prepares a group. They share {@link
 * dev.tidings.ops.bench.client.ReconnectingConnection}, {@link dev.tidings.ops.bench.client.Outbox} and {@link
 * dev.tidings.ops.bench.client.Acknowledgements}.
 */
@NullMarked
package dev.tidings.ops.bench.client;

import org.jspecify.annotations.NullMarked;
