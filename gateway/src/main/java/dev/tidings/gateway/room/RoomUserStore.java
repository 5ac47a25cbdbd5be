package dev.tidings.gateway.room;

import java.util.Collection;

/**
 * The users whose sessions at this gateway are in a room, for all gateways to read. What is not refreshed expires. All methods may
 * block, and throw a {@code RuntimeException} if the store does not answer.
 */
interface RoomUserStore {

    /** Replaces all users of the room. */
    void replace(String roomId, Collection<String> userIds);

    /** Adds and removes users of the room. */
    void change(String roomId, Collection<String> entered, Collection<String> left);

    /** Keeps the users of the room from expiring. Returns false if the store has lost them. */
    boolean refresh(String roomId);
}
