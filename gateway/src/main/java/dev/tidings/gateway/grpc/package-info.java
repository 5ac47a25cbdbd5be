/**
 * The gRPC service on a port of its own: the operations of the client protocol as unary calls, and the client protocol as a
 * stream. {@link dev.tidings.gateway.grpc.UnaryMethods} is the table of all unary methods; {@link
 * dev.tidings.gateway.grpc.UnaryCalls} carries them out, and {@link dev.tidings.gateway.grpc.ConnectCalls} makes a session of each
 * stream. {@link dev.tidings.gateway.grpc.Statuses} is the table of statuses. Keeps nothing between calls.
 */
@NullMarked
package dev.tidings.gateway.grpc;

import org.jspecify.annotations.NullMarked;
