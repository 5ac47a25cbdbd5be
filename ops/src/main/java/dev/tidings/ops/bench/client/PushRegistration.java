package dev.tidings.ops.bench.client;

import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.ServerFrame;

/** Registers the device of a user for notifications by webhook before the run. Any failure ends it. Thread-safe. */
public final class PushRegistration extends SetupClient<PushRegistration.Outcome> {

    private static final String DEVICE_ID = "bench-phone";
    private static final String REGISTER_ID = "r";

    /** The outcome. */
    public sealed interface Outcome {}

    /** The device is registered, and the connection closed. */
    public record Registered() implements Outcome {}

    /** The device could not be registered. */
    public record Failed(String reason) implements Outcome {}

    /** @param token of the user */
    public PushRegistration(String token, FrameFormat format) {
        super(token, DEVICE_ID, format);
    }

    @Override
    Failed failure(String reason) {
        return new Failed(reason);
    }

    @Override
    void handle(ServerFrame frame) {
        switch (frame.getBodyCase()) {
            case CONNECTED ->
                write(ClientFrame.newBuilder()
                        .setId(REGISTER_ID)
                        .setRegisterPush(RegisterPush.newBuilder()
                                .setDeviceId(DEVICE_ID)
                                .setChannel("webhook")
                                .setToken(DEVICE_ID)));
            case APPLIED -> complete(new Registered());
            case REFUSED -> fail("refused, reason=" + frame.getRefused().getReason());
            case ERROR ->
                fail("error, code=" + frame.getError().getCode() + " message="
                        + frame.getError().getMessage());
            case DISCONNECT -> fail("disconnect, code=" + frame.getDisconnect().getCode());
            // the confirmation before the answer, and notifications of other changes
            case ACCEPTED,
                    SEQUENCED,
                    EVENTS,
                    HEAD,
                    HEARTBEAT,
                    SYNC_PAGE,
                    RECEIPTS,
                    VIEW,
                    PRESENCE,
                    DEVICES,
                    GROUP,
                    TOKEN_REFRESHED,
                    SEARCH_RESULTS,
                    USERS,
                    BODY_NOT_SET -> {}
        }
    }
}
