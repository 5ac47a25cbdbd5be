package dev.tidings.ops.cli;

import dev.tidings.gateway.auth.RevocationList;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.auth.TokenIssuer;
import dev.tidings.gateway.auth.TokenPolicy;
import dev.tidings.gateway.auth.TokenSigner;
import dev.tidings.gateway.token.SecretHash;
import dev.tidings.gateway.token.TokenClient;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.token.RevocationLog;
import dev.tidings.schemas.id.TokenSubject;
import dev.tidings.schemas.id.UserIdEncoding;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.TokenRevocation;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
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

/** {@code tidings token}: issues tokens with the gateways' key, revokes tokens, and makes token clients. */
@Command(
        name = "token",
        description = "Issues and revokes tokens of users, and makes token clients.",
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
    private static final int SECRET_BYTES = 32;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Command(
            name = "issue",
            description = {
                "Prints a token for a user, signed with gateway.token-signing-key or gateway.jwt.secret.",
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
        TokenSigner signer = TokenSigner.from(settings);
        if (signer == null) {
            throw new CannotRunException("gateway.jwt.secret or gateway.token-signing-key is needed to sign tokens");
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
                new TokenIssuer(signer, policy, System::currentTimeMillis).issue(user, granted, device, lifetime)));
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

    @Command(
            name = "create-client",
            description = {
                "Prints two lines: a random secret, for the back end, and the line of the client for the file gateway.token-clients.",
                "Changes nothing. The file has only a hash of the secret."
            },
            mixinStandardHelpOptions = true)
    int createClient(
            @Mixin SettingsOptions options,
            @Parameters(paramLabel = "ID", description = "The id of the client, of A-Z a-z 0-9 _ . -") String id,
            @Option(
                            names = "--scope",
                            paramLabel = "user|business|admin|analyst|moderator|support",
                            description = "What tokens of the client may grant. May be repeated. Default: user.")
                    @Nullable
                    List<Scope> scopes) {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
            print(List.of(
                    secret,
                    new TokenClient(id, SecretHash.of(secret), scopes == null ? Set.of(Scope.USER) : Set.copyOf(scopes))
                            .line()));
        } catch (IllegalArgumentException e) {
            throw usage("create-client", String.valueOf(e.getMessage()));
        }
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
