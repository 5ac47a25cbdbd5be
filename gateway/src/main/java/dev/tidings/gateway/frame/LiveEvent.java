package dev.tidings.gateway.frame;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Events;
import dev.tidings.v1.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An event on its way to sessions, however many they are: what is the same for all of them is computed once. */
public final class LiveEvent {

    private final ConversationEvent event;
    private final long expiresAtMillis;
    private final AtomicInteger holders = new AtomicInteger();
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

    /** In protobuf. */
    public int bytes() {
        return event.getSerializedSize();
    }

    /** One more keeps the event in memory. Returns the bytes that this adds: those of the event, with its text, for the first. */
    long hold() {
        return holders.getAndIncrement() == 0 ? heapBytes() : 0;
    }

    /** One less keeps the event in memory. Returns the bytes that this frees: those of the event for the last. */
    long release() {
        return holders.decrementAndGet() == 0 ? heapBytes() : 0;
    }

    /** A message and its JSON take about three times its bytes on the wire. */
    private long heapBytes() {
        return 3L * bytes() + 256;
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
