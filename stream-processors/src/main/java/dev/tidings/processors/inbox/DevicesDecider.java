package dev.tidings.processors.inbox;

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
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which devices a user has, and where they are notified, as pure functions. */
final class DevicesDecider {

    /** More than these, and the one that was seen longest ago is forgotten: of those that are not connected. */
    static final int MAX_DEVICES = 64;

    private DevicesDecider() {}

    /** The device of a session that opens is the one seen last; it keeps what is known of it. */
    static DevicesRecord opened(DevicesRecord devices, Session session, List<Session> open, Timestamp at) {
        DeviceRecord known = find(devices, session.getDeviceId());
        DeviceRecord seen = (known == null ? DeviceRecord.newBuilder() : known.toBuilder())
                .setDeviceId(session.getDeviceId())
                .setPlatform(session.getPlatform())
                .setLastSeenAt(at)
                .build();
        List<DeviceRecord> others = new ArrayList<>(without(devices, session.getDeviceId()));
        if (others.size() >= MAX_DEVICES) {
            Set<String> connected = connected(open);
            others.stream()
                    .filter(device -> !connected.contains(device.getDeviceId()))
                    .findFirst()
                    .ifPresent(others::remove);
        }
        others.add(seen);
        return with(devices, others);
    }

    /** Who closes a session was there until now. A device that has been revoked stays forgotten. */
    static DevicesRecord closed(DevicesRecord devices, Session session, Timestamp at) {
        DeviceRecord known = find(devices, session.getDeviceId());
        if (known == null) {
            return devices;
        }
        List<DeviceRecord> others = new ArrayList<>(without(devices, session.getDeviceId()));
        others.add(known.toBuilder().setLastSeenAt(at).build());
        return with(devices, others);
    }

    /** The very same where the device was not known. */
    static DevicesRecord revoked(DevicesRecord devices, String deviceId) {
        return find(devices, deviceId) == null ? devices : with(devices, without(devices, deviceId));
    }

    /**
     * The devices with this one notified there, or, with an empty channel, no longer. A token is one device's: an application
     * that was installed anew may have another device id and the same token, and is not to be notified twice.
     */
    static DevicesRecord registered(DevicesRecord devices, RegisterPush push) {
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

    static boolean knows(DevicesRecord devices, String deviceId) {
        return find(devices, deviceId) != null;
    }

    /** In the order of their ids. */
    static Devices shown(DevicesRecord devices, List<Session> open) {
        Set<String> connected = connected(open);
        return Devices.newBuilder()
                .addAllDevices(devices.getDevicesList().stream()
                        .sorted(Comparator.comparing(DeviceRecord::getDeviceId))
                        .map(device -> shown(device, connected))
                        .toList())
                .build();
    }

    private static Device shown(DeviceRecord device, Set<String> connected) {
        return Device.newBuilder()
                .setDeviceId(device.getDeviceId())
                .setPlatform(device.getPlatform())
                .setLastSeenAt(device.getLastSeenAt())
                .setOnline(connected.contains(device.getDeviceId()))
                .setPush(!device.getPushChannel().isEmpty())
                .build();
    }

    private static Set<String> connected(List<Session> open) {
        return open.stream().map(Session::getDeviceId).collect(Collectors.toSet());
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
