package dev.tidings.gateway.subscription;

/** Receives the changes of the users who have sessions in rooms. Called under the lock of the subscriptions: no method blocks. */
public interface RoomListener {

    /** Ignores all changes. */
    RoomListener NONE = new RoomListener() {
        @Override
        public void entered(String roomId, String userId) {}

        @Override
        public void left(String roomId, String userId) {}
    };

    /** A session of the user is in the room. */
    void entered(String roomId, String userId);

    /** A session of the user is in the room no more. Others of the same user may be. */
    void left(String roomId, String userId);
}
