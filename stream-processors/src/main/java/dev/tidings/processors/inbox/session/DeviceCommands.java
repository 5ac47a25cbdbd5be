package dev.tidings.processors.inbox.session;

import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.check.UserCommandCheck;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.DevicesRequest;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RevokeDevice;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReplaced;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserCommand;
import java.util.List;
import org.apache.kafka.streams.processor.api.Record;

/** Handles the commands that list a user's devices, revoke them, and register their push tokens. */
public final class DeviceCommands {

    private final InboxStores stores;
    private final UserOutput output;
    private final SessionRegistry book;

    public DeviceCommands(InboxStores stores, UserOutput output, SessionRegistry book) {
        this.stores = stores;
        this.output = output;
        this.book = book;
    }

    public void list(Record<String, UserCommand> record, DevicesRequest request) {
        output.requireSlot(request.getOrigin().getGatewaySlot());
        List<Session> open = stores.user(record.key()).getSessionsList();
        output.answer(
                record,
                request.getOrigin(),
                UserAnswer.newBuilder().setDevices(DevicesDecider.shown(stores.devices(record.key()), open)));
    }

    /**
     * Revokes a device. If the command comes from a session of that device, its reply is sent before the session ends.
     */
    public void revoke(Record<String, UserCommand> record, RevokeDevice command) {
        output.requireSlot(command.getOrigin().getGatewaySlot());
        Refusal flaw = UserCommandCheck.check(command);
        if (flaw != null) {
            output.refuse(record, command.getOrigin(), flaw);
            return;
        }
        DevicesRecord devices = stores.devices(record.key());
        UserRecord user = stores.user(record.key());
        List<Session> ending = SessionsDecider.ofDevice(user, command.getDeviceId());
        if (ending.isEmpty() && !DevicesDecider.knows(devices, command.getDeviceId())) {
            output.refuse(record, command.getOrigin(), notFound(command.getDeviceId()));
            return;
        }
        stores.putDevices(record.key(), DevicesDecider.revoked(devices, command.getDeviceId()));
        output.applied(record, command.getOrigin(), "", false);
        // at most one: a device has one session
        for (Session session : ending) {
            SessionReplaced.Builder revoked = SessionReplaced.newBuilder()
                    .setSessionId(session.getSessionId())
                    .setReason(SessionReplaced.Reason.REVOKED);
            output.deliver(
                    record, session.getGatewaySlot(), Delivery.newBuilder().setSessionReplaced(revoked));
            book.change(record, user, SessionsDecider.without(user, List.of(session)));
        }
    }

    public void registerPush(Record<String, UserCommand> record, RegisterPush command) {
        output.requireSlot(command.getOrigin().getGatewaySlot());
        DevicesRecord before = stores.devices(record.key());
        Refusal flaw = UserCommandCheck.check(command);
        if (flaw == null && !DevicesDecider.knows(before, command.getDeviceId())) {
            flaw = notFound(command.getDeviceId());
        }
        if (flaw != null) {
            output.refuse(record, command.getOrigin(), flaw);
            return;
        }
        DevicesRecord after = DevicesDecider.registered(before, command);
        boolean unchanged = after.equals(before);
        if (!unchanged) {
            stores.putDevices(record.key(), after);
        }
        output.applied(record, command.getOrigin(), "", unchanged);
    }

    private static Refusal notFound(String deviceId) {
        return Refusals.of(Refusal.Reason.DEVICE_NOT_FOUND, "there is no device " + deviceId);
    }
}
