package dev.tidings.gateway.api;

import dev.tidings.gateway.directory.UserDirectory;
import dev.tidings.gateway.directory.UserDirectory.Profiles;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Command;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.Refusal;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Finds commands that address users whom the directory does not have: messages and friend requests to them, and groups with them.
 *
 * <p>Best effort: while the directory does not answer, every user counts as known, and commands that do not pass a gateway are not
 * checked (decision 55). Users that were found once are remembered, because the directory never drops one. Commands of one
 * conversation keep their order: one that comes while an earlier one waits for the directory waits behind it. Thread-safe.
 */
final class KnownUserCheck {

    /** Remembered users, at about 100 bytes each. */
    static final int MAX_REMEMBERED = 100_000;

    private final UserDirectory directory;
    private final Executor blocking;
    private final Set<String> known = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    });
    /** The end of the queue of each conversation with a command that waits. */
    private final Map<String, CompletableFuture<Void>> waiting = new HashMap<>();

    KnownUserCheck(UserDirectory directory, Executor blocking) {
        this.directory = directory;
        this.blocking = blocking;
    }

    /** Receives the outcome of a check. */
    interface Outcome {
        /** @param refusal null: all users that the command addresses are known */
        void checked(@Nullable Refusal refusal);
    }

    /** Checks a valid command: at once if all users are remembered and no earlier command of the conversation waits. */
    void check(Command command, Outcome outcome) {
        List<String> addressed = addressed(command);
        CompletableFuture<Void> turn;
        synchronized (this) {
            CompletableFuture<Void> before = waiting.get(command.getConversationId());
            if (before == null && areKnown(addressed)) {
                turn = null;
            } else {
                turn = (before == null ? CompletableFuture.<Void>completedFuture(null) : before)
                        .handleAsync(
                                (done, failure) -> {
                                    outcome.checked(refusal(addressed));
                                    return null;
                                },
                                blocking);
                waiting.put(command.getConversationId(), turn);
            }
        }
        if (turn == null) {
            outcome.checked(null);
        } else {
            turn.whenComplete((done, failure) -> ended(command.getConversationId(), turn));
        }
    }

    private synchronized void ended(String conversationId, CompletableFuture<Void> turn) {
        waiting.remove(conversationId, turn);
    }

    private synchronized boolean areKnown(List<String> userIds) {
        boolean all = true;
        for (String userId : userIds) {
            all &= known.contains(userId);
        }
        return all;
    }

    private @Nullable Refusal refusal(List<String> addressed) {
        Set<String> missing = new LinkedHashSet<>(addressed);
        synchronized (this) {
            missing.removeIf(known::contains);
        }
        if (missing.isEmpty()) {
            return null;
        }
        Profiles profiles = directory.read(missing);
        synchronized (this) {
            known.addAll(profiles.byUserId().keySet());
        }
        missing.removeAll(profiles.byUserId().keySet());
        return missing.isEmpty() || !profiles.complete()
                ? null
                : Refusals.of(
                        Refusal.Reason.USER_NOT_FOUND,
                        "the directory does not have "
                                + String.join(", ", missing.stream().limit(5).toList()));
    }

    /** The users that the command begins to address; those of other commands are members or partners already. */
    private static List<String> addressed(Command command) {
        return switch (command.getBodyCase()) {
            case SEND_MESSAGE -> peer(command);
            case FRIEND -> command.getFriend().hasRequest() ? peer(command) : List.of();
            case GROUP ->
                added(command.getGroup()).stream()
                        .filter(userId -> !userId.equals(command.getActor()))
                        .toList();
            default -> List.of();
        };
    }

    private static List<String> peer(Command command) {
        return ConversationId.parse(command.getConversationId()) instanceof ConversationId.Private pair
                ? List.of(pair.peerOf(command.getActor()))
                : List.of();
    }

    private static List<String> added(GroupCommand group) {
        return switch (group.getBodyCase()) {
            case CREATE -> group.getCreate().getMembersList();
            case ADD_MEMBERS -> group.getAddMembers().getUserIdsList();
            default -> List.of();
        };
    }
}
