package dev.tidings.ops.cli;

import dev.tidings.ops.rules.RuleChanges;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The users, devices and addresses that {@code tidings rules ban} and {@code unban} take. */
final class BanSubjects {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "USER", arity = "0..*", description = "User ids.")
    private List<String> users = new ArrayList<>();

    @Option(
            names = "--device",
            paramLabel = "ID",
            description = "A device id, for all users of the device. May be repeated.")
    private List<String> devices = new ArrayList<>();

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description = "An IP address or address block, such as 192.0.2.0/24 or 2001:db8::/32. May be repeated.")
    private List<String> addresses = new ArrayList<>();

    /** @throws ParameterException if none is given */
    RuleChanges.Subjects subjects() {
        RuleChanges.Subjects subjects = new RuleChanges.Subjects(users, devices, addresses);
        if (subjects.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "at least one USER, --device or --address is needed");
        }
        return subjects;
    }
}
