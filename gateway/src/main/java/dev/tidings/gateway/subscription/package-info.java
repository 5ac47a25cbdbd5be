/**
 * Subscriptions of sessions to large groups and rooms, whose events come once for the whole gateway. Reads followed events
 * and heads from {@code deliveries}, writes {@code SubscribeGateway} to {@code commands}. Keeps nothing that outlives the
 * sessions.
 */
@NullMarked
package dev.tidings.gateway.subscription;

import org.jspecify.annotations.NullMarked;
