package dev.tidings.connectors.push;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.PoisonRecord;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.PushTarget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code put} brought, and how far it has come. Connect brings the same records again until the put returns; what
 * is settled by then stays so.
 */
final class PushBatch {

    /** At one device a newer notification takes the place of an older one. */
    private record Place(String collapseKey, String deviceId) {}

    private final Set<SinkRecord> records;
    private final List<PushDelivery> deliveries = new ArrayList<>();
    private final List<PoisonRecord> unreadable = new ArrayList<>();
    private final List<PushDelivery> untold = new ArrayList<>();

    private PushBatch(Collection<SinkRecord> records) {
        this.records = new LinkedHashSet<>(records);
    }

    static PushBatch of(Collection<SinkRecord> records, long nowMillis) {
        PushBatch batch = new PushBatch(records);
        for (SinkRecord record : batch.records) {
            try {
                Notification notification = parse(record.value());
                for (PushTarget target : notification.getTargetsList()) {
                    batch.deliveries.add(new PushDelivery(record, notification, target));
                }
            } catch (IllegalArgumentException e) {
                batch.unreadable.add(new PoisonRecord(record, e));
            }
        }
        batch.untold.addAll(batch.deliveries);
        batch.expire(nowMillis);
        batch.collapse(nowMillis);
        return batch;
    }

    /**
     * Whether these are records of this batch, brought again. Some may be missing, as their partition has gone to another
     * task: these are no longer our business.
     */
    boolean goesOnWith(Collection<SinkRecord> brought) {
        if (!records.containsAll(brought)) {
            return false;
        }
        if (brought.size() < records.size()) {
            records.retainAll(Set.copyOf(brought));
            deliveries.removeIf(delivery -> !records.contains(delivery.origin()));
            untold.removeIf(delivery -> !records.contains(delivery.origin()));
            unreadable.removeIf(poison -> !records.contains(poison.record()));
        }
        return true;
    }

    /** What is to be tried now, in the order of the log. What has expired in the meantime is settled by that. */
    List<PushDelivery> due(long nowMillis) {
        expire(nowMillis);
        return deliveries.stream().filter(delivery -> delivery.isDue(nowMillis)).toList();
    }

    boolean isSettled() {
        return deliveries.stream().allMatch(delivery -> delivery.outcome() != null);
    }

    /** How long until something is due; 0: it is. */
    long untilDueMillis(long nowMillis) {
        return deliveries.stream()
                .filter(delivery -> delivery.outcome() == null)
                .mapToLong(delivery -> Math.max(0, delivery.notBeforeMillis() - nowMillis))
                .min()
                .orElse(0);
    }

    /** Outcomes that nobody was told of yet, as {@link #told} says. */
    List<PushOutcome> untold() {
        return untold.stream()
                .map(PushDelivery::outcome)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Everybody has been told of what {@link #untold} said. */
    void told() {
        untold.removeIf(delivery -> delivery.outcome() != null);
    }

    /** Records that are no notifications, and those that failed at one target or more: each once. */
    List<PoisonRecord> poison() {
        Map<SinkRecord, List<PushOutcome>> failures = new LinkedHashMap<>();
        for (PushDelivery delivery : deliveries) {
            PushOutcome outcome = delivery.outcome();
            if (outcome != null && outcome.getResult() == PushOutcome.Result.FAILED) {
                failures.computeIfAbsent(delivery.origin(), record -> new ArrayList<>())
                        .add(outcome);
            }
        }
        List<PoisonRecord> poison = new ArrayList<>(unreadable);
        failures.forEach(
                (record, outcomes) -> poison.add(new PoisonRecord(record, new UndeliveredException(outcomes))));
        return poison;
    }

    private void expire(long nowMillis) {
        deliveries.stream()
                .filter(delivery -> delivery.outcome() == null && delivery.isExpired(nowMillis))
                .forEach(delivery -> delivery.expired(nowMillis));
    }

    /** After what has expired is gone, which takes nobody's place. */
    private void collapse(long nowMillis) {
        Map<Place, PushDelivery> newest = new HashMap<>();
        for (PushDelivery delivery : deliveries) {
            String collapseKey = delivery.notification().getCollapseKey();
            if (delivery.outcome() == null && !collapseKey.isEmpty()) {
                Place place = new Place(collapseKey, delivery.target().getDeviceId());
                PushDelivery other = newest.get(place);
                if (other == null) {
                    newest.put(place, delivery);
                } else if (other.notification().getSeq()
                        > delivery.notification().getSeq()) {
                    delivery.collapsed(nowMillis);
                } else {
                    other.collapsed(nowMillis);
                    newest.put(place, delivery);
                }
            }
        }
    }

    private static Notification parse(@Nullable Object value) {
        if (!(value instanceof byte[] raw)) {
            throw new IllegalArgumentException("the record has no value of bytes");
        }
        Notification notification;
        try {
            notification = Notification.parseFrom(raw);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the value is not a Notification: " + e.getMessage(), e);
        }
        if (notification.getNotificationId().isEmpty()) {
            throw new IllegalArgumentException("the notification has no id");
        }
        if (notification.getUserId().isEmpty()) {
            throw new IllegalArgumentException("the notification names no user");
        }
        // what is no time can neither be compared nor printed
        Timestamps.checkValid(notification.getAt());
        Timestamps.checkValid(notification.getExpiresAt());
        return notification;
    }
}
