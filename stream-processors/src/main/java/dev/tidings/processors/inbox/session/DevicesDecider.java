package dev.tidings.processors.inbox.session;

import com.google.protobuf.Timestamp;
import dev.tidings.state.v1.DeviceRecord;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.v1.Device;
import dev.tidings.v1.Devices;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides the devices of a user and their push tokens. Pure functions. */
public final class DevicesDecider {

    /** The largest number of devices; beyond it, the device without a session that was seen longest ago is dropped. */
    static final int MAX_DEVICES = 64;

    private DevicesDecider() {}

    /** Returns the devices after a session opens: its device is the one last seen, and keeps its push token. */
    public static DevicesRecord opened(DevicesRecord devices, Session session, List<Session> open, Timestamp at) {
        DeviceRecord known = find(devices, session.getDeviceId());
        DeviceRecord seen = (known == null ? DeviceRecord.newBuilder() : known.toBuilder())
                .setDeviceId(session.getDeviceId())
                .setPlatform(session.getPlatform())
                .setLastSeenAt(at)
                .build();
        List<DeviceRecord> others = new ArrayList<>(without(devices, session.getDeviceId()));
        if (others.size() >= MAX_DEVICES) {
            List<String> connected = connected(open);
            others.stream()
                    .filter(device -> !connected.contains(device.getDeviceId()))
                    .findFirst()
                    .ifPresent(others::remove);
        }
        others.add(seen);
        return with(devices, others);
    }

    /** Returns the devices after a session closes: its device was seen until now. A revoked device stays removed. */
    public static DevicesRecord closed(DevicesRecord devices, Session session, Timestamp at) {
        DeviceRecord known = find(devices, session.getDeviceId());
        if (known == null) {
            return devices;
        }
        List<DeviceRecord> others = new ArrayList<>(without(devices, session.getDeviceId()));
        others.add(known.toBuilder().setLastSeenAt(at).build());
        return with(devices, others);
    }

    /** Returns the devices without this one, or the same instance if the device is unknown. */
    public static DevicesRecord revoked(DevicesRecord devices, String deviceId) {
        return find(devices, deviceId) == null ? devices : with(devices, without(devices, deviceId));
    }

    /**
     * Returns the devices with the push token of one device set, or removed if the channel is empty. A token belongs to
     * one device: a reinstalled application may have a new device id and the same token, and must not be notified
     * twice.
     */
    public static DevicesRecord registered(DevicesRecord devices, RegisterPush push) {
        List<DeviceRecord> next = devices.getDevicesList().stream()
                .map(device -> {
                    if (device.getDeviceId().equals(push.getDeviceId())) {
                        return device.toBuilder()
                                .setPushChannel(push.getChannel())
                                .setPushToken(push.getToken())
                                .build();
                    }
                    boolean hasIt = device.getPushChannel().equals(push.getChannel())
                            && device.getPushToken().equals(push.getToken());
                    return hasIt
                            ? device.toBuilder()
                                    .clearPushChannel()
                                    .clearPushToken()
                                    .build()
                            : device;
                })
                .toList();
        return with(devices, next);
    }

    public static boolean knows(DevicesRecord devices, String deviceId) {
        return find(devices, deviceId) != null;
    }

    /** Returns the devices as the user sees them, ordered by id. */
    public static Devices shown(DevicesRecord devices, List<Session> open) {
        List<String> connected = connected(open);
        return Devices.newBuilder()
                .addAllDevices(devices.getDevicesList().stream()
                        .sorted(Comparator.comparing(DeviceRecord::getDeviceId))
                        .map(device -> shown(device, connected))
                        .toList())
                .build();
    }

    private static Device shown(DeviceRecord device, List<String> connected) {
        return Device.newBuilder()
                .setDeviceId(device.getDeviceId())
                .setPlatform(device.getPlatform())
                .setLastSeenAt(device.getLastSeenAt())
                .setOnline(connected.contains(device.getDeviceId()))
                .setPush(!device.getPushChannel().isEmpty())
                .build();
    }

    private static List<String> connected(List<Session> open) {
        return open.stream().map(Session::getDeviceId).toList();
    }

    private static @Nullable DeviceRecord find(DevicesRecord devices, String deviceId) {
        for (DeviceRecord device : devices.getDevicesList()) {
            if (device.getDeviceId().equals(deviceId)) {
                return device;
            }
        }
        return null;
    }

    private static List<DeviceRecord> without(DevicesRecord devices, String deviceId) {
        return devices.getDevicesList().stream()
                .filter(device -> !device.getDeviceId().equals(deviceId))
                .toList();
    }

    private static DevicesRecord with(DevicesRecord devices, List<DeviceRecord> next) {
        return devices.toBuilder().clearDevices().addAllDevices(next).build();
    }
}
