package dev.tidings.processors.simulation;

import dev.tidings.processors.TestRecords;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Origin;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;

/** Makes user commands of the frames of clients. */
final class UserRequests {

    private UserRequests() {}

    static UserCommand of(Connection connection, Origin origin, ClientFrame frame) {
        UserCommand.Builder self = UserCommand.newBuilder().setUserId(connection.userId);
        return switch (frame.getBodyCase()) {
            case SYNC ->
                self.setSyncRequest(SyncRequest.newBuilder()
                                .setOrigin(origin)
                                .setMode(frame.getSync().getMode())
                                .setSince(frame.getSync().getSince()))
                        .build();
            case SETTINGS ->
                self.setChangeSettings(frame.getSettings().toBuilder().setOrigin(origin))
                        .build();
            case PROFILE ->
                self.setChangeProfile(frame.getProfile().toBuilder().setOrigin(origin))
                        .build();
            case PRESENCE -> watch(connection, origin, frame.getPresence());
            case REVOKE_DEVICE ->
                self.setRevokeDevice(frame.getRevokeDevice().toBuilder().setOrigin(origin))
                        .build();
            case REGISTER_PUSH ->
                TestRecords.registerPush(
                        connection.userId,
                        origin,
                        connection.session.getDeviceId(),
                        frame.getRegisterPush().getToken());
            default -> throw new IllegalStateException("INBOX is not asked this: " + frame);
        };
    }

    private static UserCommand watch(Connection connection, Origin origin, PresenceQuery query) {
        String watched = query.getUserIds(0);
        connection.watched.add(watched);
        return watch(connection, watched, origin, query.getMode());
    }

    static UserCommand watch(Connection connection, String watched, Origin origin, WatchPresence.Mode mode) {
        return TestRecords.watch(
                connection.userId,
                WatchPresence.Visibility.EVERYONE,
                watched,
                origin,
                connection.session.getGatewayEpoch(),
                mode);
    }
}
