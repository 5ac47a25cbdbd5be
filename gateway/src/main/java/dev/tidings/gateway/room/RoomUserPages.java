package dev.tidings.gateway.room;

import dev.tidings.v1.RoomUsers;

/** Reads the users of rooms, over all gateways. */
@FunctionalInterface
public interface RoomUserPages {

    /**
     * Reads a page of users, ascending. May block.
     *
     * @param afterUserId the last user of the page before; empty: the first page
     * @throws RuntimeException if the store does not answer
     */
    RoomUsers page(String roomId, String afterUserId, int limit);
}
