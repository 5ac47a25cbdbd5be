package dev.tidings.gateway.subscription;

import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.gateway.frame.LiveHead;

/** A session that subscribes to conversations. Its methods do not block and may be called by any thread. */
public interface Subscriber {

    String userId();

    /** @param originSessionId the session that caused the event and got an answer; empty: none */
    void onEvent(LiveEvent event, String originSessionId);

    /** The head of a subscribed conversation: all events after it come by {@link #onEvent}. */
    void onHead(LiveHead head);
}
