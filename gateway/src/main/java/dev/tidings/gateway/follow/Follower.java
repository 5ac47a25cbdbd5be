package dev.tidings.gateway.follow;

import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.gateway.frame.LiveHead;

/** A session that follows conversations. Its methods do not block. */
public interface Follower {

    String userId();

    /** @param originSessionId the session that asked for this and has its answer already; empty: none */
    void followed(LiveEvent event, String originSessionId);

    /** Where a conversation stands that is followed. What comes after it comes by itself. */
    void head(LiveHead head);
}
