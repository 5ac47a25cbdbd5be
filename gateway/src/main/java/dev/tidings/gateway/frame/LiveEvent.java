package dev.tidings.gateway.frame;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Events;
import dev.tidings.v1.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An event on its way to sessions. Computes once what is the same for all of them. Thread-safe. */
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

    /** The size of the event in protobuf. */
    public int bytes() {
        return event.getSerializedSize();
    }

    /** Counts one more holder in memory and returns the bytes added: those of the event for the first holder, 0 for others. */
    long hold() {
        return holders.getAndIncrement() == 0 ? heapBytes() : 0;
    }

    /** Counts one holder less and returns the bytes freed: those of the event for the last holder, 0 for others. */
    long release() {
        return holders.decrementAndGet() == 0 ? heapBytes() : 0;
    }

    /** A message and its JSON take about three times its bytes on the wire. */
    private long heapBytes() {
        return 3L * bytes() + 256;
    }

    /** Whether the event is worthless later and has no place in the sequence: typing. */
    public boolean isEphemeral() {
        return event.hasTypingStarted();
    }

    /** Whether the message has expired and must not be delivered any more. */
    public boolean isExpired(long nowMillis) {
        return expiresAtMillis <= nowMillis;
    }

    /** The frame in JSON without a delivery number. Two threads may encode it at once, to the same bytes. */
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
