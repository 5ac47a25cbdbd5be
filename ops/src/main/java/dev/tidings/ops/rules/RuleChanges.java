package dev.tidings.ops.rules;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.tidings.v1.Ban;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Policy;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.WordRule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the commands that change the rules. Splits a change that is too large for one command, in the given order, and removes
 * repeated entries.
 */
public final class RuleChanges {

    /** The contract's limit of words or bans in one command. */
    static final int MAX_ENTRIES = 10_000;

    /** Below the limit of a request, 409,600 bytes. */
    static final int MAX_BYTES = 300_000;

    private static final int ENTRY_OVERHEAD_BYTES = 16;

    private RuleChanges() {}

    public static List<RulesCommand> setWords(Collection<String> words, ModerationAction action) {
        return split(
                words.stream()
                        .map(word -> WordRule.newBuilder()
                                .setWord(word)
                                .setAction(action)
                                .build())
                        .toList(),
                Message::getSerializedSize,
                RulesCommand.Builder::addSetWords);
    }

    public static List<RulesCommand> removeWords(Collection<String> words) {
        return split(words, RuleChanges::bytesOf, RulesCommand.Builder::addRemoveWords);
    }

    /** @param until the end of the bans; null: permanent */
    public static List<RulesCommand> ban(Subjects subjects, @Nullable Timestamp until) {
        return split(
                subjects.bans().stream().map(ban -> until(ban, until)).toList(),
                Message::getSerializedSize,
                RulesCommand.Builder::addBan);
    }

    public static List<RulesCommand> unban(Subjects subjects) {
        List<RulesCommand> commands = new ArrayList<>();
        commands.addAll(split(subjects.users(), RuleChanges::bytesOf, RulesCommand.Builder::addUnban));
        commands.addAll(split(subjects.devices(), RuleChanges::bytesOf, RulesCommand.Builder::addUnbanDeviceIds));
        commands.addAll(split(subjects.addresses(), RuleChanges::bytesOf, RulesCommand.Builder::addUnbanAddresses));
        return commands;
    }

    /**
     * The subjects of bans.
     *
     * @param users user ids
     * @param devices device ids, for all users of a device
     * @param addresses IP addresses or address blocks
     */
    public record Subjects(Collection<String> users, Collection<String> devices, Collection<String> addresses) {

        public static Subjects ofUsers(Collection<String> users) {
            return new Subjects(users, List.of(), List.of());
        }

        public boolean isEmpty() {
            return users.isEmpty() && devices.isEmpty() && addresses.isEmpty();
        }

        private List<Ban> bans() {
            List<Ban> bans = new ArrayList<>();
            users.forEach(user -> bans.add(Ban.newBuilder().setUserId(user).build()));
            devices.forEach(
                    device -> bans.add(Ban.newBuilder().setDeviceId(device).build()));
            addresses.forEach(
                    address -> bans.add(Ban.newBuilder().setAddress(address).build()));
            return bans;
        }
    }

    public static List<RulesCommand> policy(Policy policy) {
        return List.of(RulesCommand.newBuilder().setPolicy(policy).build());
    }

    private static Ban until(Ban ban, @Nullable Timestamp until) {
        return until == null ? ban : ban.toBuilder().setUntil(until).build();
    }

    private static int bytesOf(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static <E> List<RulesCommand> split(
            Collection<E> entries, ToIntFunction<E> bytesOf, BiConsumer<RulesCommand.Builder, E> add) {
        List<RulesCommand> commands = new ArrayList<>();
        RulesCommand.Builder command = RulesCommand.newBuilder();
        int count = 0;
        int bytes = 0;
        for (E entry : new LinkedHashSet<>(entries)) {
            int more = bytesOf.applyAsInt(entry) + ENTRY_OVERHEAD_BYTES;
            if (count > 0 && (count == MAX_ENTRIES || bytes + more > MAX_BYTES)) {
                commands.add(command.build());
                command = RulesCommand.newBuilder();
                count = 0;
                bytes = 0;
            }
            add.accept(command, entry);
            count++;
            bytes += more;
        }
        if (count > 0) {
            commands.add(command.build());
        }
        return commands;
    }
}
