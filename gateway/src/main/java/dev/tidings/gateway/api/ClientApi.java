package dev.tidings.gateway.api;

import dev.tidings.gateway.history.History;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.log.CommandLog;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.CloseSession;
import dev.tidings.v1.Command;
import dev.tidings.v1.Error;
import dev.tidings.v1.MarkConversationRead;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Pull;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Send;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.Session;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** What an authenticated user can ask for: the one door for every protocol. Nothing here blocks the caller. */
public final class ClientApi {

    public static final int MAX_PULL_EVENTS = 200;

    /** Hears what becomes of a request; from any thread. */
    public interface Reply {

        /** The request is durable in the log. */
        void accepted(String commandId);

        void refused(Refusal refusal);

        void failed(Error error);
    }

    private final CommandLog log;
    private final History history;
    private final ExecutorService blocking;

    public ClientApi(CommandLog log, History history, ExecutorService blocking) {
        this.log = log;
        this.history = history;
        this.blocking = blocking;
    }

    /** @param commandId of {@link CommandId#next()}: known before the answer can come */
    public void send(String userId, String commandId, Origin origin, Send send, Reply reply) {
        append(
                command(userId, commandId, origin, send.getConversationId())
                        .setSendMessage(SendMessage.newBuilder()
                                .setClientMsgId(send.getClientMsgId())
                                .setContent(send.getContent()))
                        .build(),
                reply);
    }

    public void markRead(String userId, String commandId, Origin origin, MarkConversationRead mark, Reply reply) {
        append(
                command(userId, commandId, origin, mark.getConversationId())
                        .setMarkRead(MarkRead.newBuilder().setSeq(mark.getSeq()))
                        .build(),
                reply);
    }

    public void openSession(String userId, Session session, Reply reply) {
        append(
                UserCommand.newBuilder()
                        .setUserId(userId)
                        .setOpenSession(OpenSession.newBuilder().setSession(session))
                        .build(),
                reply);
    }

    public void closeSession(String userId, String sessionId, Reply reply) {
        append(
                UserCommand.newBuilder()
                        .setUserId(userId)
                        .setCloseSession(CloseSession.newBuilder().setSessionId(sessionId))
                        .build(),
                reply);
    }

    public void sync(String userId, Origin origin, Sync sync, Reply reply) {
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
                        .setUserId(userId)
                        .setSyncRequest(SyncRequest.newBuilder()
                                .setOrigin(origin)
                                .setMode(sync.getMode())
                                .setSince(sync.getSince()))
                        .build(),
                reply);
    }

    /** Completes with the range, or with a {@link RequestException}. */
    public CompletableFuture<HistoryRange> pull(String userId, Pull pull) {
        ConversationId id = ConversationId.parse(pull.getConversationId());
        if (id == null) {
            return failed(Errors.invalidArgument("conversationId is not one: \"" + pull.getConversationId() + '"'));
        }
        if (!(id instanceof ConversationId.Private pair) || !pair.has(userId)) {
            return failed(
                    Errors.error(Error.Code.FORBIDDEN, userId + " does not belong to " + pull.getConversationId()));
        }
        long to = pull.getToSeq() == 0 ? Long.MAX_VALUE : pull.getToSeq();
        if (pull.getFromSeq() < 1 || to < pull.getFromSeq()) {
            return failed(Errors.invalidArgument("fromSeq must be at least 1 and not after toSeq"));
        }
        return CompletableFuture.supplyAsync(
                () -> history.read(pull.getConversationId(), pull.getFromSeq(), to, MAX_PULL_EVENTS), blocking);
    }

    private static CompletableFuture<HistoryRange> failed(Error error) {
        return CompletableFuture.failedFuture(new RequestException(error));
    }

    private static Command.Builder command(String userId, String commandId, Origin origin, String conversationId) {
        return Command.newBuilder()
                .setCommandId(commandId)
                .setConversationId(conversationId)
                .setActor(userId)
                .setOrigin(origin);
    }

    private void append(Command command, Reply reply) {
        Refusal flaw = CommandCheck.check(command);
        if (flaw != null) {
            reply.refused(flaw);
        } else {
            log.append(command, failure -> answer(command.getCommandId(), failure, reply));
        }
    }

    private void append(UserCommand command, Reply reply) {
        log.append(command, failure -> answer("", failure, reply));
    }

    private static void answer(String commandId, @Nullable Exception failure, Reply reply) {
        if (failure == null) {
            reply.accepted(commandId);
        } else {
            reply.failed(Errors.unavailable("the log does not take this up now; try again"));
        }
    }
}
