package dev.tidings.ops.cli;

import dev.tidings.gateway.auth.RevocationList;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.auth.TokenIssuer;
import dev.tidings.gateway.auth.TokenKeys;
import dev.tidings.gateway.auth.TokenPolicy;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.token.RevocationLog;
import dev.tidings.schemas.id.TokenSubject;
import dev.tidings.schemas.id.UserIdEncoding;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.TokenRevocation;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings token}: issues tokens with the gateways' secret, and revokes tokens. */
@Command(
        name = "token",
        description = "Issues, revokes and lists tokens of users.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes of all subcommands:%n",
        exitCodeList = {
            "0:done",
            "1:there are too many revocations, or Kafka is not reachable",
            "2:wrong usage; nothing was changed"
        })
final class TokenCommand {

    private static final int MAX_REASON_CHARACTERS = 64;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Command(
            name = "issue",
            description = {
                "Prints a token for a user, signed with gateway.jwt.secret.",
                "A user id of an identity provider, such as an e-mail address, is encoded by the gateway."
            },
            mixinStandardHelpOptions = true)
    int issue(
            @Mixin SettingsOptions options,
            @Parameters(paramLabel = "USER", description = "The user.") String user,
            @Option(
                            names = "--scope",
                            paramLabel = "user|business|admin|analyst|moderator|support",
                            description = "What the token grants. May be repeated. Default: user.")
                    @Nullable
                    List<Scope> scopes,
            @Option(
                            names = "--device",
                            paramLabel = "ID",
                            defaultValue = "",
                            description = "The only device that may use the token. Default: any.")
                    String device,
            @Option(
                            names = "--for",
                            paramLabel = "SPAN",
                            converter = SpanConverter.class,
                            defaultValue = "1h",
                            description =
                                    "Lifetime, such as 30m, 12h or 7d; at most gateway.jwt.max-lifetime-days. Default: 1h.")
                    Duration lifetime) {
        Settings settings = options.givenOrRunning();
        TokenPolicy policy = TokenPolicy.from(settings);
        if (!(TokenKeys.from(settings) instanceof TokenKeys.Secret secret)) {
            throw new CannotRunException("the gateways verify tokens with public keys; gateway.jwt.secret is needed");
        }
        if (UserIdEncoding.encode(user) == null) {
            throw usage("issue", "USER is \"" + user + "\"; the encoded id must have 1 to 64 characters");
        }
        if (lifetime.isZero() || lifetime.compareTo(policy.maxLifetime()) > 0) {
            throw usage(
                    "issue",
                    "--for is " + lifetime.toSeconds() + " s; 1 s to "
                            + policy.maxLifetime().toDays() + " days are allowed");
        }
        Set<Scope> granted = scopes == null ? EnumSet.of(Scope.USER) : EnumSet.copyOf(scopes);
        print(List.of(
                new TokenIssuer(secret, policy, System::currentTimeMillis).issue(user, granted, device, lifetime)));
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "revoke",
            description = {
                "Ends the sessions with these tokens, and accepts them no more.",
                "Of a user, revokes all tokens issued until now; the user can connect with a token of a later second."
            },
            mixinStandardHelpOptions = true)
    int revoke(
            @Mixin SettingsOptions options,
            @Parameters(paramLabel = "USER", arity = "0..*", description = "User ids.") @Nullable List<String> users,
            @Option(
                            names = "--device",
                            paramLabel = "ID",
                            defaultValue = "",
                            description = "Only the tokens that this device of the USER uses.")
                    String device,
            @Option(names = "--id", paramLabel = "JTI", description = "The id of a token. May be repeated.") @Nullable
                    List<String> tokenIds,
            @Option(
                            names = "--reason",
                            paramLabel = "TEXT",
                            defaultValue = "",
                            description = "For operators, at most 64 characters; users do not see it.")
                    String reason) {
        if (reason.length() > MAX_REASON_CHARACTERS) {
            throw usage(
                    "revoke",
                    "--reason has " + reason.length() + " characters; at most " + MAX_REASON_CHARACTERS
                            + " are allowed");
        }
        List<TokenRevocation> revocations = new ArrayList<>();
        for (String user : users == null ? List.<String>of() : users) {
            revocations.add(TokenRevocation.newBuilder()
                    .setUserId(user)
                    .setDeviceId(device)
                    .setReason(reason)
                    .build());
        }
        for (String id : tokenIds == null ? List.<String>of() : tokenIds) {
            revocations.add(TokenRevocation.newBuilder()
                    .setTokenId(id)
                    .setReason(reason)
                    .build());
        }
        requireValid(revocations);
        Settings settings = options.givenOrRunning();
        if (!log(settings).append(revocations, System.getProperty("user.name", ""), Instant.now())) {
            throw new CannotRunException("there would be more than " + RevocationList.MAX_REVOCATIONS
                    + " revocations; revoke users instead of single tokens, or wait until some lapse");
        }
        print(List.of("Revoked."));
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "list-revoked",
            description = "Prints the revocations that apply, one on a line: time, subject and reason, with tabs.",
            mixinStandardHelpOptions = true)
    int listRevoked(@Mixin SettingsOptions options) {
        print(log(options.givenOrRunning()).read(Instant.now()).stream()
                .map(revocation -> revocation.at() + "\t" + revocation.subject() + '\t'
                        + revocation.value().getReason())
                .toList());
        return CommandLine.ExitCode.OK;
    }

    private void requireValid(List<TokenRevocation> revocations) {
        if (revocations.isEmpty()) {
            throw usage("revoke", "at least one USER or --id is needed");
        }
        try {
            revocations.forEach(TokenSubject::of);
        } catch (IllegalArgumentException e) {
            throw usage("revoke", String.valueOf(e.getMessage()));
        }
    }

    private static RevocationLog log(Settings settings) {
        return new RevocationLog(
                KafkaLog.of(settings), TokenPolicy.from(settings).maxLifetime());
    }

    private void print(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
    }

    private ParameterException usage(String subcommand, String message) {
        return new ParameterException(spec.subcommands().get(subcommand), message);
    }
}
