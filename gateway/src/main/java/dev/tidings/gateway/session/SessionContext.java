package dev.tidings.gateway.session;

import dev.tidings.v1.Error;
import dev.tidings.v1.ServerFrame;

/** The session as its parts see it: its lock and its way to the client. */
interface SessionContext {

    /** Runs the task under the session's lock. */
    void locked(Runnable task);

    /** Runs the task under the session's lock if deliveries may come for the session; does nothing otherwise. */
    void whileRegistered(Runnable task);

    /**
     * Sends a frame to the client; does nothing after the session has ended. Call it under the session's lock.
     *
     * @param frameId the frame that this answers
     */
    void send(String frameId, ServerFrame.Builder frame);

    /** Sends an error as {@link #send} does. */
    default void fail(String frameId, Error error) {
        send(frameId, ServerFrame.newBuilder().setError(error));
    }
}
