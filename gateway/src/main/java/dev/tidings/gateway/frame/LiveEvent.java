package dev.tidings.gateway.frame;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Events;
import dev.tidings.v1.ServerFrame;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An event on its way to sessions, however many they are: what is the same for all of them is computed once. */
public final class LiveEvent {

    private final ConversationEvent event;
    private final long expiresAtMillis;
    private volatile byte @Nullable [] json;

    public LiveEvent(ConversationEvent event) {
        this.event = event;
        this.expiresAtMillis = expiry(event);
    }

    private static long expiry(ConversationEvent event) {
        boolean expires = event.getMessageSent().hasExpiresAt()
                && Timestamps.isValid(event.getMessageSent().getExpiresAt());
        return expires ? Timestamps.toMillis(event.getMessageSent().getExpiresAt()) : Long.MAX_VALUE;
    }

    public ConversationEvent event() {
        return event;
    }

    /** Whether it is worth something only at once, and is no part of the conversation. */
    public boolean isEphemeral() {
        return event.hasTypingStarted();
    }

    /** Whether the sender no longer wants it delivered. */
    public boolean isExpired(long nowMillis) {
        return expiresAtMillis <= nowMillis;
    }

    /** The whole frame in JSON, but for the delivery number. Two threads may print it at once; it is the same text. */
    byte[] json() {
        byte[] printed = json;
        if (printed == null) {
            printed = ProtoJson.print(frame(Events.newBuilder())).getBytes(StandardCharsets.UTF_8);
            json = printed;
        }
        return printed;
    }

    ServerFrame frame(Events.Builder numbered) {
        return ServerFrame.newBuilder()
                .setEvents(numbered.setConversationId(event.getConversationId()).addEvents(event))
                .build();
    }
}
