package dev.tidings.processors.simulation;

import dev.tidings.schemas.Topics;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Origin;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserCommand;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Hands on what arrives on its partition of deliveries, without waiting for commits. */
final class Gateway {

    private static final SyncMode[] MODES = {SyncMode.FAST, SyncMode.INCREMENTAL, SyncMode.FULL};

    private final Cluster cluster;
    private final Random random;
    private final int slot;
    private final Map<String, Device> sessions = new TreeMap<>();
    private long epoch = 1;
    private int position;

    Gateway(Cluster cluster, Random random, int slot) {
        this.cluster = cluster;
        this.random = random;
        this.slot = slot;
    }

    int slot() {
        return slot;
    }

    long epoch() {
        return epoch;
    }

    void attach(String sessionId, Device device) {
        sessions.put(sessionId, device);
    }

    void detach(String sessionId) {
        Device device = sessions.remove(sessionId);
        if (device != null) {
            device.disconnect(sessionId);
        }
    }

    /** Takes its sessions with it, and comes up again at the end of its partition. */
    void restart() {
        epoch++;
        sessions.forEach((id, device) -> device.disconnect(id));
        sessions.clear();
        position = cluster.partitions(Topics.DELIVERIES).get(slot).size();
    }

    /** Hands on one record; false where there is none. */
    boolean handOn() {
        Partition deliveries = cluster.partitions(Topics.DELIVERIES).get(slot);
        if (position == deliveries.size()) {
            return false;
        }
        Delivery delivery = Topics.DELIVERIES
                .value()
                .deserializer()
                .deserialize(Topics.DELIVERIES.name(), deliveries.at(position).value);
        position++;
        switch (delivery.getBodyCase()) {
            case EVENT ->
                delivery.getEvent()
                        .getSessionIdsList()
                        .forEach(id -> with(
                                id,
                                (device, connection) -> device.onEvent(
                                        connection, delivery.getEvent().getEvent())));
            case ANSWER ->
                with(
                        delivery.getAnswer().getOrigin().getSessionId(),
                        (device, connection) -> device.onAnswer(connection, delivery.getAnswer()));
            case SESSION_READY ->
                with(delivery.getSessionReady().getSessionId(), (device, connection) -> {
                    connection.ready = true;
                    sync(device, connection);
                });
            case SESSION_REPLACED -> detach(delivery.getSessionReplaced().getSessionId());
            // an answer that comes again after a crash may know more: it is handed on again
            case SYNC_ANSWER ->
                with(
                        delivery.getSyncAnswer().getOrigin().getSessionId(),
                        (device, connection) -> device.onSync(connection, delivery.getSyncAnswer()));
            case BODY_NOT_SET -> throw new IllegalStateException("a delivery of nothing");
        }
        return true;
    }

    void sync(Device device, Device.Connection connection) {
        SyncMode mode = MODES[random.nextInt(MODES.length)];
        cluster.append(
                Topics.USER_COMMANDS,
                device.userId,
                UserCommand.newBuilder()
                        .setUserId(device.userId)
                        .setSyncRequest(SyncRequest.newBuilder()
                                .setOrigin(Origin.newBuilder()
                                        .setGatewaySlot(slot)
                                        .setSessionId(connection.session.getSessionId()))
                                .setMode(mode)
                                .setSince(device.version()))
                        .build());
    }

    private void with(String sessionId, BiConsumer<Device, Device.Connection> action) {
        Device device = sessions.get(sessionId);
        Device.Connection connection = device == null ? null : device.current();
        if (device != null
                && connection != null
                && connection.session.getSessionId().equals(sessionId)) {
            action.accept(device, connection);
        }
    }
}
