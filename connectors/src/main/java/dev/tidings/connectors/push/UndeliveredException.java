package dev.tidings.connectors.push;

import dev.tidings.v1.PushOutcome;
import java.util.List;
import java.util.stream.Collectors;

/** A notification failed for good at one or more of its targets. */
final class UndeliveredException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param failures at one or more targets of one notification */
    UndeliveredException(List<PushOutcome> failures) {
        super(failures.stream().map(UndeliveredException::words).collect(Collectors.joining("; ")));
    }

    private static String words(PushOutcome failure) {
        return "device " + failure.getDeviceId() + ": " + failure.getReason() + " (attempts: " + failure.getAttempts()
                + ')';
    }
}
