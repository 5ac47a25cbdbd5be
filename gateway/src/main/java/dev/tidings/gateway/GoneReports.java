package dev.tidings.gateway;

import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.log.CommandLog;
import dev.tidings.gateway.log.GatewaySlot;
import dev.tidings.gateway.log.LogClock;
import dev.tidings.v1.GatewayGone;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes {@code GatewayGone} records: the epochs of a gateway's slot that have ended. */
final class GoneReports {

    private static final Duration PREDECESSOR_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration OWN_TIMEOUT = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(GoneReports.class);

    private final CommandLog log;
    private final GatewaySlot slot;
    private final LogClock clock;

    GoneReports(CommandLog log, GatewaySlot slot, LogClock clock) {
        this.log = log;
        this.slot = slot;
        this.clock = clock;
    }

    /**
     * Reports the previous holder of the slot as gone. The slot may have been taken over before its silence was noticed, so
     * no one else may have done so. Comes before all commands about sessions of this gateway.
     *
     * @throws KafkaException if the log does not confirm it
     */
    void reportPredecessor() {
        log.appendGone(gone(slot.epoch() - 1, slot.precedingBeatMillis()), PREDECESSOR_TIMEOUT);
    }

    /** Reports this gateway as gone. Returns false if that failed: the processors then notice the missing heartbeats. */
    boolean reportThis() {
        try {
            log.appendGone(gone(slot.epoch(), clock.millis()), OWN_TIMEOUT);
            return true;
        } catch (KafkaException e) {
            LOG.warn("GatewayGone could not be appended slot={} epoch={}", slot.slot(), slot.epoch(), e);
            return false;
        }
    }

    private GatewayGone gone(long epoch, long lastBeatMillis) {
        return GatewayGone.newBuilder()
                .setGatewaySlot(slot.slot())
                .setGatewayEpoch(epoch)
                .setLastBeatAt(Timestamps.fromMillis(lastBeatMillis))
                .build();
    }
}
