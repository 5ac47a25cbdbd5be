package dev.tidings.gateway.session;

import dev.tidings.gateway.api.Errors;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Error;
import dev.tidings.v1.Platform;
import org.jspecify.annotations.Nullable;

/** What a connect must say, whoever it comes from. */
final class ConnectCheck {

    private ConnectCheck() {}

    /** What is wrong with it, or null. */
    static @Nullable Error flawOf(Connect connect) {
        if (!CommandCheck.isToken(connect.getDeviceId())) {
            return Errors.invalidArgument("deviceId must be 1 to 128 bytes without control characters");
        }
        if (connect.getPlatform() == Platform.UNRECOGNIZED) {
            return Errors.invalidArgument("platform must be WEB, IOS, ANDROID, DESKTOP or SERVER");
        }
        return connect.hasResume() && connect.getResume().getVersion() < 1
                ? Errors.invalidArgument("resume.version must be at least 1")
                : null;
    }
}
