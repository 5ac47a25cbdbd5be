package dev.tidings.gateway.session;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.monitoring.LatencyHistogram;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Sequenced;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts the ends of connections by their code, and measures the way of messages: from the time at which the log has taken the command
 * until the sender's answer, the frame to a receiver, and that receiver's acknowledgement. Times are in milliseconds and of the log's
 * clock. Thread-safe.
 */
final class SessionMetrics {

    private static final String DISCONNECTS = "tidings.gateway.disconnects.";

    private final Map<Disconnect.Code, Meter> disconnects = new EnumMap<>(Disconnect.Code.class);
    private final Meter closedByClient;
    private final Meter redelivered;
    private final LatencyHistogram sequenced;
    private final LatencyHistogram delivered;
    private final LatencyHistogram acknowledged;
    private final LongSupplier logMillis;

    /** @param logMillis the time of the log */
    SessionMetrics(MetricRegistry metrics, LongSupplier logMillis) {
        this.logMillis = logMillis;
        for (Disconnect.Code code : Disconnect.Code.values()) {
            if (code != Disconnect.Code.CODE_UNSPECIFIED && code != Disconnect.Code.UNRECOGNIZED) {
                disconnects.put(code, metrics.meter(DISCONNECTS + code.name().toLowerCase(Locale.ROOT)));
            }
        }
        this.closedByClient = metrics.meter(DISCONNECTS + "by_client");
        this.redelivered = metrics.meter("tidings.gateway.deliveries.repeated");
        this.sequenced = LatencyHistogram.register(metrics, "tidings.gateway.message.sequenced.seconds");
        this.delivered = LatencyHistogram.register(metrics, "tidings.gateway.message.delivered.seconds");
        this.acknowledged = LatencyHistogram.register(metrics, "tidings.gateway.message.acknowledged.seconds");
    }

    /** The gateway ends a connection. */
    void disconnected(Disconnect.Code code) {
        Meter meter = disconnects.get(code);
        if (meter != null) {
            meter.mark();
        }
    }

    /** The socket was closed, and not by the gateway. */
    void closedByClient() {
        closedByClient.mark();
    }

    /** Frames are sent again because their acknowledgement is overdue. */
    void redelivered(int frames) {
        redelivered.mark(frames);
    }

    /** The sender gets the answer to a message. A repeated one counts with its first answer only. */
    void sequenced(Sequenced answer) {
        if (!answer.getDuplicate() && !answer.getMessageId().isEmpty()) {
            update(sequenced, answer.getSentAt());
        }
    }

    /** A receiver gets the frame. */
    void delivered(ConversationEvent event) {
        if (event.hasMessageSent()) {
            update(delivered, event.getSentAt());
        }
    }

    /** A receiver has acknowledged the frame. */
    void acknowledged(ConversationEvent event) {
        if (event.hasMessageSent()) {
            update(acknowledged, event.getSentAt());
        }
    }

    private void update(LatencyHistogram histogram, Timestamp sentAt) {
        long millis = logMillis.getAsLong() - Timestamps.toMillis(sentAt);
        histogram.update(TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis)));
    }
}
