package dev.tidings.ops.cli;

import dev.tidings.schemas.id.ExternalId;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The option {@code --reason} of commands that the audit log records. */
final class ReasonOption {

    private static final int MAX_BYTES = 256;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Why, for the audit log; at most 256 bytes. Users do not see it.")
    private String reason = "";

    /** @throws ParameterException if the reason is too long or has control characters */
    String checked(CommandLine command) {
        if (!reason.isEmpty() && !ExternalId.isValid(reason, MAX_BYTES)) {
            throw new ParameterException(
                    command,
                    "--reason has " + reason.length() + " characters; at most " + MAX_BYTES
                            + " bytes without control characters are allowed");
        }
        return reason;
    }

    /** @throws ParameterException if there is no reason, or as {@link #checked} does */
    String required(CommandLine command) {
        if (checked(command).isEmpty()) {
            throw new ParameterException(command, "--reason is needed, for the audit log");
        }
        return reason;
    }
}
