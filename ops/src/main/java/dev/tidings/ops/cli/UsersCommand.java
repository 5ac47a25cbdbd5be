package dev.tidings.ops.cli;

import dev.tidings.gateway.directory.CachedDirectory;
import dev.tidings.gateway.directory.ClickHouseNameIndex;
import dev.tidings.gateway.directory.NameSearch;
import dev.tidings.gateway.directory.UserDirectory;
import dev.tidings.gateway.readmodel.ReadModelConfig;
import dev.tidings.gateway.readmodel.ReadModels;
import dev.tidings.ops.business.BusinessRequests;
import dev.tidings.ops.users.UserFile;
import dev.tidings.schemas.check.DirectoryCheck;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.text.NameKeys;
import dev.tidings.v1.DisableUser;
import dev.tidings.v1.EnableUser;
import dev.tidings.v1.PutUser;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.UserProfile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code tidings users}: changes and reads the user directory. A change is a request in {@code tidings.business}, as of any business
 * system; reads go to the read models, which follow within about a second.
 */
@Command(
        name = "users",
        description = "Changes and reads the user directory.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes of all subcommands:%n",
        exitCodeList = {
            "0:done",
            "1:a line of a file was wrong, a change was refused or not answered, a user was not found, or a store is not reachable",
            "2:wrong usage; nothing was requested"
        })
final class UsersCommand {

    /** As in a search of a client. */
    private static final int MAX_FOUND = 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Command(
            name = "put",
            description = "Adds a user, or replaces their whole profile.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int put(
            @Mixin SettingsOptions settings,
            @Parameters(paramLabel = "USER", description = "The user id.") String userId,
            @Option(
                            names = "--name",
                            paramLabel = "TEXT",
                            defaultValue = "",
                            description = "Display name. Default: none, so that clients show the id.")
                    String name,
            @Option(
                            names = "--avatar",
                            paramLabel = "URL",
                            defaultValue = "",
                            description = "http or https URL. Default: none.")
                    String avatarUrl,
            @Option(
                            names = "--locale",
                            paramLabel = "TAG",
                            defaultValue = "",
                            description = "BCP 47 tag, such as zh-Hans. Default: unknown.")
                    String locale,
            @Option(
                            names = "--time-zone",
                            paramLabel = "ZONE",
                            defaultValue = "",
                            description = "IANA time zone, such as Europe/Berlin. Default: unknown.")
                    String timeZone) {
        UserProfile profile = UserProfile.newBuilder()
                .setUserId(userId)
                .setDisplayName(name)
                .setAvatarUrl(avatarUrl)
                .setLocale(locale)
                .setTimeZone(timeZone)
                .build();
        requireValid("put", DirectoryCheck.check(profile));
        return change(
                "put",
                settings,
                List.of(userId),
                change -> change.setPut(PutUser.newBuilder()
                        .setDisplayName(name)
                        .setAvatarUrl(avatarUrl)
                        .setLocale(locale)
                        .setTimeZone(timeZone)));
    }

    @Command(
            name = "disable",
            description = "Ends the sessions of users, and opens no new ones until they are enabled.",
            mixinStandardHelpOptions = true)
    int disable(
            @Mixin SettingsOptions settings,
            @Parameters(paramLabel = "USER", arity = "1..*", description = "User ids.") List<String> userIds) {
        return change("disable", settings, userIds, change -> change.setDisable(DisableUser.getDefaultInstance()));
    }

    @Command(name = "enable", description = "Lets disabled users connect again.", mixinStandardHelpOptions = true)
    int enable(
            @Mixin SettingsOptions settings,
            @Parameters(paramLabel = "USER", arity = "1..*", description = "User ids.") List<String> userIds) {
        return change("enable", settings, userIds, change -> change.setEnable(EnableUser.getDefaultInstance()));
    }

    @Command(
            name = "import",
            description = {
                "Puts all users of a file: one JSON object on each line, as show prints them.",
                "Prints each wrong line and each refused change, and continues with the next one. Can be repeated."
            },
            mixinStandardHelpOptions = true)
    int importFile(
            @Mixin SettingsOptions settings,
            @Parameters(paramLabel = "FILE", description = "UTF-8, such as {\"userId\":\"yu\",\"displayName\":\"小雨\"}.")
                    Path file) {
        try (BusinessRequests requests = open(settings)) {
            DirectoryChanges changes = new DirectoryChanges(requests, this::print);
            LongAdder wrongLines = new LongAdder();
            UserFile.read(file, changes::send, wrongLine -> {
                wrongLines.increment();
                spec.commandLine().getErr().println(wrongLine);
            });
            print(changes.summary());
            if (wrongLines.sum() > 0) {
                print(wrongLines.sum() + " wrong lines skipped.");
            }
            return changes.refused() == 0 && wrongLines.sum() == 0
                    ? CommandLine.ExitCode.OK
                    : CommandLine.ExitCode.SOFTWARE;
        } catch (IOException e) {
            throw new CannotRunException(String.valueOf(e.getMessage()));
        }
    }

    @Command(
            name = "show",
            description = "Prints the profiles of users, one JSON object on a line.",
            mixinStandardHelpOptions = true)
    int show(
            @Mixin SettingsOptions settings,
            @Parameters(paramLabel = "USER", arity = "1..*", description = "User ids.") List<String> userIds) {
        Set<String> distinct = new LinkedHashSet<>(userIds);
        distinct.forEach(userId -> requireValid("show", Refusals.checkUser(userId)));
        try (ReadModels readModels = readModels(settings)) {
            UserDirectory.Profiles profiles = CachedDirectory.of(readModels).read(distinct);
            if (!profiles.complete()) {
                throw new CannotRunException("ClickHouse does not answer");
            }
            boolean all = true;
            for (String userId : distinct) {
                UserProfile profile = profiles.byUserId().get(userId);
                if (profile == null) {
                    all = false;
                    spec.commandLine().getErr().println("the directory does not have " + userId);
                } else {
                    print(ProtoJson.print(profile));
                }
            }
            return all ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    @Command(
            name = "search",
            description = {
                "Prints the users whose display name, or a word of it, begins with a text, as show does.",
                "At most 20, without disabled ones. Case and accents do not count."
            },
            mixinStandardHelpOptions = true)
    int search(
            @Mixin SettingsOptions settings,
            @Parameters(paramLabel = "PREFIX", description = "Such as müll.") String prefix) {
        String folded = NameKeys.fold(prefix);
        if (folded.isEmpty()) {
            throw usage("search", "PREFIX is \"" + prefix + "\"; at least one letter, digit or symbol is needed");
        }
        try (ReadModels readModels = readModels(settings)) {
            NameSearch.Found found = new NameSearch(ClickHouseNameIndex.of(readModels), CachedDirectory.of(readModels))
                    .find(folded, MAX_FOUND);
            found.users().forEach(user -> print(ProtoJson.print(user)));
            return CommandLine.ExitCode.OK;
        }
    }

    private int change(
            String subcommand,
            SettingsOptions settings,
            List<String> userIds,
            Function<UserChange.Builder, UserChange.Builder> change) {
        userIds.forEach(userId -> requireValid(subcommand, Refusals.checkUser(userId)));
        if (userIds.size() > DirectoryChanges.MAX_CHANGES) {
            throw usage(
                    subcommand,
                    "there are " + userIds.size() + " users; at most " + DirectoryChanges.MAX_CHANGES + " are allowed");
        }
        try (BusinessRequests requests = open(settings)) {
            DirectoryChanges changes = new DirectoryChanges(requests, this::print);
            changes.send(userIds.stream()
                    .map(userId -> change.apply(UserChange.newBuilder().setUserId(userId))
                            .build())
                    .toList());
            print(changes.summary());
            return changes.refused() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static BusinessRequests open(SettingsOptions options) {
        Settings settings = options.givenOrRunning();
        return BusinessRequests.open(
                settings.required("kafka.bootstrap-servers"),
                settings.under("kafka.client."),
                DirectoryChanges.ANSWER_TIMEOUT);
    }

    private static ReadModels readModels(SettingsOptions options) {
        return new ReadModels(ReadModelConfig.from(options.givenOrRunning()));
    }

    private void requireValid(String subcommand, @Nullable Refusal flaw) {
        if (flaw != null) {
            throw usage(subcommand, flaw.getMessage());
        }
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private ParameterException usage(String subcommand, String message) {
        return new ParameterException(spec.subcommands().get(subcommand), message);
    }
}
