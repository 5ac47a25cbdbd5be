package dev.tidings.gateway.api;

import dev.tidings.gateway.history.History;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.log.CommandAppender;
import dev.tidings.gateway.log.OutcomeUnknownException;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.CloseSession;
import dev.tidings.v1.Command;
import dev.tidings.v1.Error;
import dev.tidings.v1.Forward;
import dev.tidings.v1.FriendsRequest;
import dev.tidings.v1.MarkDelivered;
import dev.tidings.v1.MessageReference;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.Pull;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Send;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.Undelivered;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What an authenticated user can ask for: the one door for every protocol. Nothing here blocks the caller. */
public final class ClientApi {

    public static final int MAX_PULL_EVENTS = 200;
    public static final int NEWEST_EVENTS = 50;

    /** Hears what becomes of a request; from any thread. */
    public interface Reply {

        /** The request is durable in the log. */
        void accepted(String commandId);

        void refused(Refusal refusal);

        void failed(Error error);
    }

    private final CommandAppender log;
    private final VisibleHistory history;
    private final Set<String> pushChannels;

    /**
     * @param pushChannels the channels that a push connector serves
     * @param blocking for what may take a while: reading history
     */
    public ClientApi(CommandAppender log, Access access, History history, Set<String> pushChannels, Executor blocking) {
        this.log = log;
        this.pushChannels = pushChannels;
        this.history = new VisibleHistory(access, history, blocking);
    }

    /**
     * Whatever is asked of a conversation: send, markRead, edit, recall, deleteForMe, react, pin, group, friend,
     * typing, receipts.
     *
     * @param commandId of {@link CommandId#next()}: known before the answer can come
     */
    public void command(Caller caller, String commandId, ClientFrame frame, Reply reply) {
        Command command = ClientCommands.of(frame)
                .setCommandId(commandId)
                .setActor(caller.userId())
                .setOrigin(caller.origin())
                .build();
        if (frame.getSend().hasForward()) {
            forward(caller, command, frame.getSend(), reply);
        } else {
            append(caller, command, reply);
        }
    }

    private void forward(Caller caller, Command command, Send send, Reply reply) {
        Refusal flaw = flawOf(send);
        if (flaw != null) {
            reply.refused(flaw);
            return;
        }
        Forward forward = send.getForward();
        SeqSpan place = new SeqSpan(forward.getSeq(), forward.getSeq());
        history.read(caller, forward.getConversationId(), place, 1).whenComplete((range, failure) -> {
            if (failure != null) {
                reply.failed(Errors.of(failure));
                return;
            }
            switch (Original.of(forward, range)) {
                case Original.Found original ->
                    append(
                            caller,
                            command.toBuilder()
                                    .setSendMessage(original.saidAgain(command.getSendMessage()))
                                    .build(),
                            reply);
                case Original.Unfit(var refusal) -> reply.refused(refusal);
                case Original.NotYet() ->
                    reply.failed(Errors.unavailable("history does not hold seq " + forward.getSeq() + " of "
                            + forward.getConversationId() + " yet; try again"));
            }
        });
    }

    private static @Nullable Refusal flawOf(Send send) {
        if (send.hasContent()) {
            return CommandCheck.refusal(
                    Refusal.Reason.INVALID_ARGUMENT, "content and forward exclude each other: what is it to be?");
        }
        if (ConversationId.parse(send.getForward().getConversationId()) == null) {
            return CommandCheck.refusal(
                    Refusal.Reason.INVALID_CONVERSATION_ID, "forward.conversationId is no conversation's");
        }
        return send.getForward().getSeq() < 1
                ? CommandCheck.refusal(Refusal.Reason.SEQ_OUT_OF_RANGE, "forward.seq must be at least 1")
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

    /** What the session was sent and has not acknowledged; said right before its end. */
    public void undelivered(String userId, String sessionId, List<MessageReference> messages, Reply reply) {
        append(
                UserCommand.newBuilder()
                        .setUserId(userId)
                        .setUndelivered(
                                Undelivered.newBuilder().setSessionId(sessionId).addAllMessages(messages))
                        .build(),
                reply);
    }

    /** Whatever users ask about themselves: settings, profile, devices, revokeDevice, registerPush. Answered by INBOX. */
    public void userCommand(Caller caller, ClientFrame frame, Reply reply) {
        UserCommand command = UserCommands.of(caller, frame);
        Refusal flaw = UserCommands.flawOf(command, pushChannels);
        if (flaw != null) {
            reply.refused(flaw);
        } else {
            append(command, reply);
        }
    }

    /** Answered by the caller's friends, with this mode. */
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
     * @param epoch of the caller's gateway, with which watching ends
     * @param visibility who sees a user's presence
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

    /** Everything up to seq has arrived at a device of the user. Nobody hears what becomes of that. */
    public void delivered(String userId, String conversationId, long seq, Reply reply) {
        Command command = Command.newBuilder()
                .setCommandId(CommandId.next())
                .setConversationId(conversationId)
                .setActor(userId)
                .setMarkDelivered(MarkDelivered.newBuilder().setSeq(seq))
                .build();
        log.append(command, failure -> answer(command.getCommandId(), failure, reply));
    }

    public void sync(Caller caller, Sync sync, Reply reply) {
        if (sync.getMode() == SyncMode.SYNC_MODE_UNSPECIFIED || sync.getMode() == SyncMode.UNRECOGNIZED) {
            reply.failed(Errors.invalidArgument("mode must be FAST, INCREMENTAL or FULL"));
            return;
        }
        if (sync.getSince() < 0) {
            reply.failed(Errors.invalidArgument("since must not be negative"));
            return;
        }
        append(
                UserCommand.newBuilder()
                        .setUserId(caller.userId())
                        .setSyncRequest(SyncRequest.newBuilder()
                                .setOrigin(caller.origin())
                                .setMode(sync.getMode())
                                .setSince(sync.getSince()))
                        .build(),
                reply);
    }

    /** Completes with the part of the range that the caller may see; its failures are for {@link Errors#of}. */
    public CompletableFuture<HistoryRange> pull(Caller caller, Pull pull) {
        long to = pull.getToSeq() == 0 ? Long.MAX_VALUE : pull.getToSeq();
        if (pull.getFromSeq() < 1 || to < pull.getFromSeq()) {
            return CompletableFuture.failedFuture(
                    new RequestException(Errors.invalidArgument("fromSeq must be at least 1 and not after toSeq")));
        }
        return history.read(caller, pull.getConversationId(), new SeqSpan(pull.getFromSeq(), to), MAX_PULL_EVENTS);
    }

    /** The newest of what the caller may see; its failures are for {@link Errors#of}. */
    public CompletableFuture<HistoryRange> newest(Caller caller, String conversationId) {
        return history.read(caller, conversationId, SeqSpan.ALL, NEWEST_EVENTS);
    }

    private void append(Caller caller, Command command, Reply reply) {
        Refusal flaw = CommandCheck.check(command);
        if (flaw == null) {
            flaw = outside(caller, command);
        }
        if (flaw != null) {
            reply.refused(flaw);
        } else {
            log.append(command, failure -> answer(command.getCommandId(), failure, reply));
        }
    }

    /** Who is in a room only its gateway knows: CONVERSATION counts heads, and does not ask for names. */
    private static @Nullable Refusal outside(Caller caller, Command command) {
        String conversationId = command.getConversationId();
        boolean isOutside = !command.hasEnterRoom()
                && ConversationId.parse(conversationId) instanceof ConversationId.Room
                && !caller.rooms().test(conversationId);
        return isOutside
                ? CommandCheck.refusal(Refusal.Reason.NOT_A_MEMBER, "join " + conversationId + " first")
                : null;
    }

    private void append(UserCommand command, Reply reply) {
        log.append(command, failure -> answer("", failure, reply));
    }

    private static void answer(String commandId, @Nullable Exception failure, Reply reply) {
        if (failure == null) {
            reply.accepted(commandId);
        } else {
            reply.failed(
                    failure instanceof OutcomeUnknownException
                            ? Errors.outcomeUnknown("the command log has not confirmed this yet; send it again with the"
                                    + " same ids, and it is found or done once")
                            : Errors.unavailable("the command log is unavailable; retry"));
        }
    }
}
