/**
 * Lists the users who are in a room, over all gateways. Each gateway writes its own users to Redis, and reads those of all gateways.
 * Keeps the users of this gateway's rooms in memory. See decision 73.
 */
@NullMarked
package dev.tidings.gateway.room;

import org.jspecify.annotations.NullMarked;
