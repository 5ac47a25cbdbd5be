package dev.tidings.gateway.api;

import dev.tidings.gateway.directory.NameIndex;
import dev.tidings.gateway.directory.UserDirectory;
import dev.tidings.gateway.history.History;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.history.SearchIndex;
import dev.tidings.gateway.history.SeqSpan;
import dev.tidings.gateway.log.CommandAppender;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.CloseSession;
import dev.tidings.v1.Command;
import dev.tidings.v1.Error;
import dev.tidings.v1.Forward;
import dev.tidings.v1.FriendsRequest;
import dev.tidings.v1.MarkDelivered;
import dev.tidings.v1.MessageReference;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.Pull;
import dev.tidings.v1.ReadHistory;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Search;
import dev.tidings.v1.SearchResults;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.Undelivered;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserSearch;
import dev.tidings.v1.Users;
import dev.tidings.v1.UsersQuery;
import dev.tidings.v1.WatchPresence;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All operations of an authenticated user, whatever the protocol: checks commands and appends them to the log, reads
 * history as far as the user may see it. No method blocks.
 */
public final class ClientApi {

    public static final int MAX_PULL_EVENTS = 200;
    public static final int NEWEST_EVENTS = 50;

    /** Users in one query of the directory. */
    public static final int MAX_USERS = 100;

    /** Users in the reply to a search by name. */
    public static final int MAX_FOUND_USERS = 20;

    /** Receives the outcome of an append: one call, from any thread. */
    public interface Reply {

        /** The command is durable in the log. */
        void accepted();

        /** The command is invalid whatever the state of the system, and was not appended. */
        void refused(Refusal refusal);

        /** The log did not confirm the command; see {@link Error#getOutcomeUnknown}. */
        void failed(Error error);
    }

    private final CommandAppender log;
    private final VisibleHistory history;
    private final MessageSearch search;
    private final DirectoryRequests directory;
    private final @Nullable KnownUserCheck knownUsers;
    private final Set<String> pushChannels;

    /**
     * @param profileFields the fields of their own profile that users may change
     * @param unknownUsers whether commands may address users that the directory does not have
     * @param pushChannels the channels that a push connector serves
     * @param blocking runs reads of history and of the directory, which may block
     */
    public ClientApi(
            CommandAppender log,
            Access access,
            History history,
            SearchIndex index,
            UserDirectory directory,
            NameIndex names,
            ProfileFields profileFields,
            UnknownUsers unknownUsers,
            Set<String> pushChannels,
            Executor blocking) {
        this.log = log;
        this.pushChannels = pushChannels;
        this.history = new VisibleHistory(access, history, blocking);
        this.search = new MessageSearch(access, history, index, blocking);
        this.directory = new DirectoryRequests(directory, names, profileFields, blocking);
        this.knownUsers = unknownUsers == UnknownUsers.REFUSED ? new KnownUserCheck(directory, blocking) : null;
    }

    /**
     * Appends a command to a conversation.
     *
     * @param command with its command id and origin; the caller becomes its actor
     */
    public void command(Caller caller, Command command, Reply reply) {
        Command acted = command.toBuilder().setActor(caller.userId()).build();
        Refusal refusal = CommandCheck.check(acted);
        if (refusal == null) {
            refusal = checkRoom(caller, acted);
        }
        if (refusal != null) {
            reply.refused(refusal);
        } else if (knownUsers == null) {
            append(acted, reply);
        } else {
            knownUsers.check(acted, unknown -> {
                if (unknown == null) {
                    append(acted, reply);
                } else {
                    reply.refused(unknown);
                }
            });
        }
    }

    /** CONVERSATION counts the sessions in a room and keeps no names: only the gateway knows whether a session is in it. */
    private static @Nullable Refusal checkRoom(Caller caller, Command command) {
        String conversationId = command.getConversationId();
        boolean isOutside = !command.hasEnterRoom()
                && ConversationId.parse(conversationId) instanceof ConversationId.Room
                && !caller.rooms().test(conversationId);
        return isOutside ? Refusals.of(Refusal.Reason.NOT_A_MEMBER, "join " + conversationId + " first") : null;
    }

    /**
     * Reads the source of a forward from history, as far as the caller may see it, and appends the command with its content.
     *
     * @param command a {@code SendMessage} with its command id and origin, without content
     */
    public void forward(Caller caller, Command command, Forward source, Reply reply) {
        Refusal refusal = checkForward(command, source);
        if (refusal != null) {
            reply.refused(refusal);
            return;
        }
        HistoryRequest message = HistoryRequest.newest(
                HistoryRequest.conversation(source.getConversationId()),
                new SeqSpan(source.getSeq(), source.getSeq()),
                1);
        history.read(caller, message).whenComplete((range, failure) -> {
            if (failure != null) {
                reply.failed(Errors.of(failure));
                return;
            }
            switch (ForwardSource.of(source, range)) {
                case ForwardSource.Found found ->
                    command(
                            caller,
                            command.toBuilder()
                                    .setSendMessage(found.copyTo(command.getSendMessage()))
                                    .build(),
                            reply);
                case ForwardSource.Unusable(var reason) -> reply.refused(reason);
                case ForwardSource.NotYetKnown() ->
                    reply.failed(Errors.unavailable("history does not hold seq " + source.getSeq() + " of "
                            + source.getConversationId() + " yet; retry"));
            }
        });
    }

    private static @Nullable Refusal checkForward(Command command, Forward source) {
        if (command.getSendMessage().hasContent()) {
            return Refusals.of(Refusal.Reason.INVALID_ARGUMENT, "send has content and forward; one of them is allowed");
        }
        if (ConversationId.parse(source.getConversationId()) == null) {
            return Refusals.of(
                    Refusal.Reason.INVALID_CONVERSATION_ID,
                    "forward.conversationId is not a conversation id: \"" + source.getConversationId() + '"');
        }
        return source.getSeq() < 1
                ? Refusals.of(
                        Refusal.Reason.SEQ_OUT_OF_RANGE,
                        "forward.seq is " + source.getSeq() + "; it must be at least 1")
                : null;
    }

    public void openSession(String userId, OpenSession open, Reply reply) {
        append(UserCommand.newBuilder().setUserId(userId).setOpenSession(open).build(), reply);
    }

    public void closeSession(String userId, String sessionId, Reply reply) {
        append(
                UserCommand.newBuilder()
                        .setUserId(userId)
                        .setCloseSession(CloseSession.newBuilder().setSessionId(sessionId))
                        .build(),
                reply);
    }

    /** Reports the messages that a session was sent and has not acknowledged; comes right before its end. */
    public void undelivered(String userId, String sessionId, List<MessageReference> messages, Reply reply) {
        append(
                UserCommand.newBuilder()
                        .setUserId(userId)
                        .setUndelivered(
                                Undelivered.newBuilder().setSessionId(sessionId).addAllMessages(messages))
                        .build(),
                reply);
    }

    /**
     * Appends a command about the caller. INBOX answers it.
     *
     * @param command with its origin, without user id
     */
    public void userCommand(Caller caller, UserCommand command, Reply reply) {
        UserCommand completed = UserCommands.complete(command, caller);
        Refusal refusal = UserCommands.check(completed, pushChannels);
        if (refusal != null) {
            reply.refused(refusal);
        } else {
            append(completed, reply);
        }
    }

    /** Asks for the caller's friends. The answer carries the mode. */
    public void friends(Caller caller, WatchPresence.Mode mode, Reply reply) {
        append(
                UserCommand.newBuilder()
                        .setUserId(caller.userId())
                        .setFriendsRequest(FriendsRequest.newBuilder()
                                .setOrigin(caller.origin())
                                .setMode(mode))
                        .build(),
                reply);
    }

    /**
     * Asks for the presence of a user, or starts or stops a subscription to it.
     *
     * @param epoch the epoch of the caller's gateway; the subscription ends with it
     * @param visibility the users that see a user's presence
     */
    public void watchPresence(
            Caller caller,
            String watched,
            WatchPresence.Mode mode,
            long epoch,
            WatchPresence.Visibility visibility,
            Reply reply) {
        append(
                UserCommand.newBuilder()
                        .setUserId(watched)
                        .setWatchPresence(WatchPresence.newBuilder()
                                .setOrigin(caller.origin())
                                .setMode(mode)
                                .setGatewayEpoch(epoch)
                                .setWatcherUserId(caller.userId())
                                .setVisibility(visibility))
                        .build(),
                reply);
    }

    /** Reports that all messages up to seq are delivered to a device of the user. CONVERSATION does not answer. */
    public void delivered(String userId, String conversationId, long seq, Reply reply) {
        append(
                Command.newBuilder()
                        .setCommandId(CommandId.next())
                        .setConversationId(conversationId)
                        .setActor(userId)
                        .setMarkDelivered(MarkDelivered.newBuilder().setSeq(seq))
                        .build(),
                reply);
    }

    public void sync(Caller caller, Sync sync, Reply reply) {
        if (sync.getMode() == SyncMode.SYNC_MODE_UNSPECIFIED || sync.getMode() == SyncMode.UNRECOGNIZED) {
            reply.failed(Errors.invalidArgument("mode must be FAST, INCREMENTAL or FULL"));
            return;
        }
        if (sync.getSince() < 0) {
            reply.failed(Errors.invalidArgument("since is " + sync.getSince() + "; it must be at least 0"));
            return;
        }
        syncPage(
                caller,
                SyncRequest.newBuilder()
                        .setOrigin(caller.origin())
                        .setMode(sync.getMode())
                        .setSince(sync.getSince())
                        .build(),
                reply);
    }

    /** Asks for pages of the caller's conversations with a valid request; an unary origin gets one. */
    void syncPage(Caller caller, SyncRequest request, Reply reply) {
        append(
                UserCommand.newBuilder()
                        .setUserId(caller.userId())
                        .setSyncRequest(request)
                        .build(),
                reply);
    }

    /** Completes with the part of the range that the caller may see, or with a failure for {@link Errors#of}. */
    public CompletableFuture<HistoryRange> pull(Caller caller, Pull pull) {
        return history(caller, () -> HistoryRequest.of(pull));
    }

    /** Completes with one page of what the caller may see, or with a failure for {@link Errors#of}. */
    public CompletableFuture<HistoryRange> history(Caller caller, ReadHistory read) {
        return history(caller, () -> HistoryRequest.of(read));
    }

    private CompletableFuture<HistoryRange> history(Caller caller, Supplier<HistoryRequest> request) {
        try {
            return history.read(caller, request.get());
        } catch (RequestException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Completes with the newest 50 events that the caller may see, or with a failure for {@link Errors#of}. */
    public CompletableFuture<HistoryRange> newest(Caller caller, String conversationId) {
        return history(
                caller,
                () -> HistoryRequest.newest(HistoryRequest.conversation(conversationId), SeqSpan.ALL, NEWEST_EVENTS));
    }

    /** Completes with the messages that match and that the caller may see, or with a failure for {@link Errors#of}. */
    public CompletableFuture<SearchResults> search(Caller caller, Search search) {
        return this.search.search(caller, search);
    }

    /** Completes with profiles of the user directory, or with a failure for {@link Errors#of}. */
    public CompletableFuture<Users> users(UsersQuery query) {
        return directory.read(query);
    }

    /** Completes with users whose names begin with a prefix, or with a failure for {@link Errors#of}. */
    public CompletableFuture<Users> searchUsers(UserSearch search) {
        return directory.search(search);
    }

    /** Appends a change of the caller's own profile. DIRECTORY answers it. */
    public void patchUser(Caller caller, PatchUser patch, Reply reply) {
        Refusal refusal = directory.check(patch);
        if (refusal != null) {
            reply.refused(refusal);
        } else {
            log.append(DirectoryRequests.command(caller, patch), failure -> answer(failure, reply));
        }
    }

    private void append(Command command, Reply reply) {
        log.append(command, failure -> answer(failure, reply));
    }

    private void append(UserCommand command, Reply reply) {
        log.append(command, failure -> answer(failure, reply));
    }

    /** @param failure of the append; null: none */
    static void answer(@Nullable Exception failure, Reply reply) {
        if (failure == null) {
            reply.accepted();
        } else {
            reply.failed(Errors.ofAppend(failure));
        }
    }
}
