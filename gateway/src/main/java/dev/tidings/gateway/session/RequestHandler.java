package dev.tidings.gateway.session;

import dev.tidings.gateway.api.Caller;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.api.ClientRequest;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.v1.Accepted;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Command;
import dev.tidings.v1.Error;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.Pull;
import dev.tidings.v1.ReadHistory;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Search;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncPage;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserSearch;
import dev.tidings.v1.UsersQuery;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the commands and reads of one session and sends their answers: {@code accepted} always comes before the
 * outcome of a command. Not thread-safe: guarded by the session's lock; replies from other threads take it first.
 */
final class RequestHandler {

    static final int MAX_PULLS = 50;

    private final ClientApi api;
    private final SessionContext session;
    private final TypingRateLimit typingRateLimit = new TypingRateLimit();
    private final Set<String> awaitingAcceptance = new HashSet<>();
    private final CommandOrder order = new CommandOrder();
    private final ReadQueue reads;
    /** The frame of the running sync; null: no sync runs. */
    private @Nullable String syncFrameId;

    RequestHandler(ClientApi api, SessionContext session, ReadQueue reads) {
        this.api = api;
        this.session = session;
        this.reads = reads;
    }

    /** @param command without command id */
    void command(Caller caller, Command command) {
        command(caller, identified(command), () -> {});
    }

    /**
     * Appends a command to a conversation.
     *
     * @param command with its command id
     * @param ifNotAppended runs if the command is not appended, before the error is sent; no answer follows then
     */
    void command(Caller caller, Command command, Runnable ifNotAppended) {
        append(caller, command, ifNotAppended, (identified, reply) -> api.command(caller, identified, reply));
    }

    void forward(Caller caller, ClientRequest.ForwardMessage request) {
        append(
                caller,
                identified(request.command()),
                () -> {},
                (identified, reply) -> api.forward(caller, identified, request.source(), reply));
    }

    static Command identified(Command command) {
        return command.toBuilder().setCommandId(CommandId.next()).build();
    }

    private void append(
            Caller caller, Command command, Runnable ifNotAppended, BiConsumer<Command, ClientApi.Reply> append) {
        String frameId = caller.origin().getFrameId();
        if (!order.mayAppend(System.nanoTime())) {
            ifNotAppended.run();
            session.fail(frameId, Errors.unavailable("an earlier command failed a moment ago; retry that one first"));
            return;
        }
        awaitingAcceptance.add(command.getCommandId());
        append.accept(command, reply(frameId, command.getCommandId(), ifNotAppended));
    }

    /**
     * Answers a command that is not carried out now. The commands behind it are not carried out for a second either, so that they
     * keep their order.
     */
    void rejectCommand(String frameId, Error error) {
        order.appendFailed(System.nanoTime());
        int retryAfterMillis = Math.max(error.getRetryAfterMs(), (int) CommandOrder.PAUSE.toMillis());
        session.fail(
                frameId, error.toBuilder().setRetryAfterMs(retryAfterMillis).build());
    }

    /** Answers a typing command above the rate limit with accepted and does not append it. */
    void typing(Caller caller, Command command) {
        String conversationId = command.getConversationId();
        if (typingRateLimit.tryAcquire(conversationId, System.nanoTime())) {
            command(caller, identified(command), () -> typingRateLimit.release(conversationId));
        } else {
            session.send(
                    caller.origin().getFrameId(), ServerFrame.newBuilder().setAccepted(Accepted.getDefaultInstance()));
        }
    }

    void userCommand(Caller caller, UserCommand command) {
        api.userCommand(caller, command, reply(caller.origin().getFrameId(), "", () -> {}));
    }

    void patchUser(Caller caller, PatchUser patch) {
        api.patchUser(caller, patch, reply(caller.origin().getFrameId(), "", () -> {}));
    }

    void pull(Caller caller, List<Pull> pulls) {
        String frameId = caller.origin().getFrameId();
        if (pulls.isEmpty() || pulls.size() > MAX_PULLS) {
            session.fail(
                    frameId,
                    Errors.invalidArgument(
                            "pulls has " + pulls.size() + " entries; 1 to " + MAX_PULLS + " are allowed"));
        } else if (!reads.offer(() -> pullNext(caller, pulls))) {
            session.fail(frameId, overloaded());
        }
    }

    /** Reads one range after the other, so that a session holds one at a time. A range that fails does not stop the others. */
    private void pullNext(Caller caller, List<Pull> pulls) {
        Pull pull = pulls.getFirst();
        String frameId = caller.origin().getFrameId();
        api.pull(caller, pull)
                .whenComplete((range, failure) -> session.locked(() -> {
                    sendRange(frameId, pull.getConversationId(), range, failure);
                    if (pulls.size() > 1) {
                        reads.continueWith(() -> pullNext(caller, pulls.subList(1, pulls.size())));
                    } else {
                        reads.finished();
                    }
                }));
    }

    /** Sends the newest events of a room that the session has joined. */
    void newest(Caller caller, String roomId) {
        reads.add(() -> api.newest(caller, roomId)
                .whenComplete((range, failure) -> session.locked(() -> {
                    sendRange(caller.origin().getFrameId(), roomId, range, failure);
                    reads.finished();
                })));
    }

    private void sendRange(
            String frameId, String conversationId, @Nullable HistoryRange range, @Nullable Throwable failure) {
        if (range != null) {
            session.send(frameId, ServerFrame.newBuilder().setEvents(range.toReply(conversationId)));
        } else if (failure != null) {
            session.fail(frameId, Errors.of(failure));
        }
    }

    void history(Caller caller, ReadHistory read) {
        read(
                caller,
                () -> api.history(caller, read).thenApply(range -> range.toReply(read.getConversationId())),
                ServerFrame.Builder::setEvents);
    }

    void search(Caller caller, Search search) {
        read(caller, () -> api.search(caller, search), ServerFrame.Builder::setSearchResults);
    }

    void users(Caller caller, UsersQuery query) {
        read(caller, () -> api.users(query), ServerFrame.Builder::setUsers);
    }

    void searchUsers(Caller caller, UserSearch search) {
        read(caller, () -> api.searchUsers(search), ServerFrame.Builder::setUsers);
    }

    /** Queues a read with one reply. */
    private <T> void read(
            Caller caller, Supplier<CompletableFuture<T>> read, BiConsumer<ServerFrame.Builder, T> reply) {
        String frameId = caller.origin().getFrameId();
        boolean queued = reads.offer(() -> read.get()
                .whenComplete((result, failure) -> session.locked(() -> {
                    if (failure == null) {
                        ServerFrame.Builder frame = ServerFrame.newBuilder();
                        reply.accept(frame, result);
                        session.send(frameId, frame);
                    } else {
                        session.fail(frameId, Errors.of(failure));
                    }
                    reads.finished();
                })));
        if (!queued) {
            session.fail(frameId, overloaded());
        }
    }

    void sync(Caller caller, Sync sync) {
        String frameId = caller.origin().getFrameId();
        boolean queued = reads.offer(() -> {
            syncFrameId = frameId;
            api.sync(caller, sync, reply(frameId, "", this::syncEnded));
        });
        if (!queued) {
            session.fail(frameId, overloaded());
        }
    }

    private void syncEnded() {
        if (syncFrameId != null) {
            syncFrameId = null;
            reads.finished();
        }
    }

    private static Error overloaded() {
        return Errors.overloaded("at most " + ReadQueue.MAX_QUEUED
                + " reads of one connection are queued, none while the gateway is short of memory; retry");
    }

    void answer(Answer answer) {
        String frameId = answer.getOrigin().getFrameId();
        // a command that was decided is durable, even if the producer has not confirmed it yet
        accepted(frameId, answer.getCommandId());
        switch (answer.getOutcomeCase()) {
            case SEQUENCED -> session.send(frameId, ServerFrame.newBuilder().setSequenced(answer.getSequenced()));
            case REFUSAL -> session.send(frameId, ServerFrame.newBuilder().setRefused(answer.getRefusal()));
            case APPLIED -> session.send(frameId, ServerFrame.newBuilder().setApplied(answer.getApplied()));
            case GROUP -> session.send(frameId, ServerFrame.newBuilder().setGroup(answer.getGroup()));
            case RECEIPTS -> session.send(frameId, ServerFrame.newBuilder().setReceipts(answer.getReceipts()));
            case RULES, HEAD ->
                throw new IllegalArgumentException(
                        answer.getOutcomeCase() + " is an answer for operators without a session");
            case OUTCOME_NOT_SET -> throw new IllegalArgumentException("an answer without an outcome");
        }
    }

    /** @param answer any but friends */
    void answer(UserAnswer answer) {
        String frameId = answer.getOrigin().getFrameId();
        switch (answer.getOutcomeCase()) {
            case APPLIED -> session.send(frameId, ServerFrame.newBuilder().setApplied(answer.getApplied()));
            case REFUSAL -> session.send(frameId, ServerFrame.newBuilder().setRefused(answer.getRefusal()));
            case DEVICES -> session.send(frameId, ServerFrame.newBuilder().setDevices(answer.getDevices()));
            case FRIENDS -> throw new IllegalArgumentException("friends are an answer for PresenceSubscriptions");
            case OUTCOME_NOT_SET -> throw new IllegalArgumentException("an answer without an outcome");
        }
    }

    void answer(SyncAnswer answer) {
        String frameId = answer.getOrigin().getFrameId();
        session.send(
                frameId,
                ServerFrame.newBuilder()
                        .setSyncPage(SyncPage.newBuilder()
                                .addAllViews(answer.getViewsList())
                                .setVersion(answer.getVersion())
                                .setDone(answer.getDone())
                                .setBadge(answer.getBadge())
                                .setReset(answer.getReset())));
        if (frameId.equals(syncFrameId)) {
            reads.progress(System.nanoTime());
            if (answer.getDone()) {
                syncEnded();
            }
        }
    }

    /** Starts the next read, also where the answer to the running one was lost. */
    void tick(long nowNanos) {
        reads.tick(nowNanos);
        if (!reads.isRunning()) {
            syncFrameId = null;
        }
    }

    /** The socket takes more again. */
    void socketCaughtUp() {
        reads.startNext();
    }

    /** The session has ended. */
    void end() {
        reads.end();
    }

    /** @param commandId empty: the command has no accepted of its own, only an answer */
    private ClientApi.Reply reply(String frameId, String commandId, Runnable ifNotAppended) {
        return new ClientApi.Reply() {
            @Override
            public void accepted() {
                session.locked(() -> RequestHandler.this.accepted(frameId, commandId));
            }

            @Override
            public void refused(Refusal refusal) {
                session.locked(() -> {
                    awaitingAcceptance.remove(commandId);
                    ifNotAppended.run();
                    session.send(frameId, ServerFrame.newBuilder().setRefused(refusal));
                });
            }

            @Override
            public void failed(Error error) {
                session.locked(() -> {
                    if (awaitingAcceptance.remove(commandId) && error.getRetryable() && !error.getOutcomeUnknown()) {
                        order.appendFailed(System.nanoTime());
                    }
                    ifNotAppended.run();
                    session.fail(frameId, error);
                });
            }
        };
    }

    private void accepted(String frameId, String commandId) {
        if (awaitingAcceptance.remove(commandId)) {
            session.send(
                    frameId,
                    ServerFrame.newBuilder().setAccepted(Accepted.newBuilder().setCommandId(commandId)));
        }
    }
}
