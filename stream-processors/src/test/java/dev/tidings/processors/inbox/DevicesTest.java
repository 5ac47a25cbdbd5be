package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.inbox.session.DevicesDecider;
import dev.tidings.processors.inbox.view.SettingsDecider;
import dev.tidings.state.v1.DeviceRecord;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.v1.Device;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.Platform;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.Session;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests {@link DevicesDecider}. */
class DevicesTest {

    private static final Session PHONE = session("s-phone", "phone", 1, 10);
    private static final Session LAPTOP = session("s-laptop", "laptop", 2, 20);

    @Test
    void a_device_is_known_from_its_first_session_on() {
        DevicesRecord devices = DevicesDecider.opened(none(), PHONE, List.of(PHONE), at(5));

        assertEquals(
                List.of(DeviceRecord.newBuilder()
                        .setDeviceId("phone")
                        .setPlatform(Platform.WEB)
                        .setLastSeenAt(at(5))
                        .build()),
                devices.getDevicesList());
    }

    @Test
    void a_reconnected_device_keeps_its_token_and_is_the_last_seen() {
        DevicesRecord devices = DevicesDecider.registered(given(PHONE, LAPTOP), push("phone", "log", "t1"));

        DevicesRecord after = DevicesDecider.opened(devices, PHONE, List.of(PHONE), at(9));

        assertEquals(List.of("laptop", "phone"), ids(after));
        assertEquals("t1", after.getDevices(1).getPushToken());
        assertEquals(at(9), after.getDevices(1).getLastSeenAt());
    }

    @Test
    void a_device_was_last_seen_when_its_session_ended() {
        DevicesRecord after = DevicesDecider.closed(given(PHONE, LAPTOP), PHONE, at(9));

        assertEquals(List.of("laptop", "phone"), ids(after));
        assertEquals(at(9), after.getDevices(1).getLastSeenAt());
    }

    @Test
    void the_end_of_its_session_brings_no_revoked_device_back() {
        DevicesRecord revoked = DevicesDecider.revoked(given(PHONE, LAPTOP), "phone");

        assertEquals(List.of("laptop"), ids(revoked));
        assertSame(revoked, DevicesDecider.closed(revoked, PHONE, at(9)));
    }

    @Test
    void a_65th_device_replaces_the_one_seen_longest_ago() {
        DevicesRecord full = given(IntStream.range(0, 64)
                .mapToObj(i -> session("s" + i, "d" + i, 0, 1))
                .toArray(Session[]::new));

        DevicesRecord after = DevicesDecider.opened(full, PHONE, List.of(PHONE), at(9));

        assertEquals(64, after.getDevicesCount());
        assertEquals("d1", after.getDevices(0).getDeviceId());
        assertEquals("phone", after.getDevices(63).getDeviceId());
    }

    @Test
    void a_connected_device_is_never_dropped() {
        Session[] sessions = IntStream.range(0, 64)
                .mapToObj(i -> session("s" + i, "d" + i, 0, 1))
                .toArray(Session[]::new);

        DevicesRecord after = DevicesDecider.opened(given(sessions), PHONE, List.of(sessions[0], PHONE), at(9));

        assertEquals(64, after.getDevicesCount());
        assertTrue(DevicesDecider.knows(after, "d0"));
        assertFalse(DevicesDecider.knows(after, "d1"));
    }

    @Test
    void a_token_belongs_to_one_device() {
        DevicesRecord devices = DevicesDecider.registered(given(PHONE, LAPTOP), push("phone", "log", "t1"));

        DevicesRecord after = DevicesDecider.registered(devices, push("laptop", "log", "t1"));

        assertEquals("", after.getDevices(0).getPushToken());
        assertEquals("", after.getDevices(0).getPushChannel());
        assertEquals("t1", after.getDevices(1).getPushToken());
    }

    @Test
    void the_same_token_of_another_channel_is_another() {
        DevicesRecord devices = DevicesDecider.registered(given(PHONE, LAPTOP), push("phone", "log", "t1"));

        DevicesRecord after = DevicesDecider.registered(devices, push("laptop", "webhook", "t1"));

        assertEquals("t1", after.getDevices(0).getPushToken());
    }

    @Test
    void an_empty_token_ends_the_notifications_of_that_device_only() {
        DevicesRecord devices = DevicesDecider.registered(
                DevicesDecider.registered(given(PHONE, LAPTOP), push("phone", "log", "t1")),
                push("laptop", "log", "t2"));

        DevicesRecord after = DevicesDecider.registered(devices, push("phone", "", ""));

        assertEquals("", after.getDevices(0).getPushChannel());
        assertEquals("t2", after.getDevices(1).getPushToken());
    }

    @Test
    void devices_are_shown_in_the_order_of_their_ids_and_without_their_tokens() {
        DevicesRecord devices = DevicesDecider.registered(given(PHONE, LAPTOP), push("phone", "log", "t1"));

        assertEquals(
                List.of(
                        Device.newBuilder()
                                .setDeviceId("laptop")
                                .setPlatform(Platform.WEB)
                                .setLastSeenAt(at(2))
                                .setOnline(true)
                                .build(),
                        Device.newBuilder()
                                .setDeviceId("phone")
                                .setPlatform(Platform.WEB)
                                .setLastSeenAt(at(1))
                                .setPush(true)
                                .build()),
                DevicesDecider.shown(devices, List.of(LAPTOP)).getDevicesList());
    }

    @Test
    void devices_do_not_change_notification_settings() {
        NotificationSettings german =
                NotificationSettings.newBuilder().setLanguage("de").build();
        DevicesRecord devices = SettingsDecider.change(given(LAPTOP), german);

        assertEquals(
                german,
                DevicesDecider.revoked(DevicesDecider.opened(devices, PHONE, List.of(PHONE), at(3)), "laptop")
                        .getNotifications());
    }

    private static DevicesRecord none() {
        return DevicesRecord.getDefaultInstance();
    }

    /** The n-th device was seen at n seconds. */
    private static DevicesRecord given(Session... sessions) {
        DevicesRecord devices = none();
        for (int i = 0; i < sessions.length; i++) {
            devices = DevicesDecider.opened(devices, sessions[i], List.of(), at(i + 1));
        }
        return devices;
    }

    private static RegisterPush push(String deviceId, String channel, String token) {
        return RegisterPush.newBuilder()
                .setDeviceId(deviceId)
                .setChannel(channel)
                .setToken(token)
                .build();
    }

    private static List<String> ids(DevicesRecord devices) {
        return devices.getDevicesList().stream().map(DeviceRecord::getDeviceId).toList();
    }
}
