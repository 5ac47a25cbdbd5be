package dev.tidings.gateway.session;

import dev.tidings.gateway.api.Caller;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.v1.Accepted;
import dev.tidings.v1.Answer;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Error;
import dev.tidings.v1.Events;
import dev.tidings.v1.Pull;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncPage;
import dev.tidings.v1.UserAnswer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the client of one open session asks for, and what it is answered: {@code accepted} always comes before what
 * became of the command. Not thread-safe: used in the session's turn only, and what completes elsewhere comes back into
 * it.
 */
final class Requests {

    static final int MAX_PULLS = 50;

    /** The session whose requests these are. */
    interface Asking {

        /** Runs this while nothing else of the session runs. */
        void inTurn(Runnable task);

        /** To the client, unless the session has ended; in turn only. */
        void send(String id, ServerFrame.Builder frame);
    }

    private final ClientApi api;
    private final Asking session;
    private final TypingPace typingPace = new TypingPace();
    private final Set<String> awaitingAcceptance = new HashSet<>();
    private final CommandOrder order = new CommandOrder();
    private final Reads reads;
    /** The frame whose sync runs; null where none does. */
    private @Nullable String syncing;

    Requests(ClientApi api, Asking session, Reads reads) {
        this.api = api;
        this.session = session;
        this.reads = reads;
    }

    /** @param caller whose origin names the frame */
    void request(Caller caller, ClientFrame frame) {
        switch (frame.getBodyCase()) {
            case SEND, MARK_READ, EDIT, RECALL, DELETE_FOR_ME, REACT, PIN, GROUP, FRIEND, RECEIPTS ->
                command(caller, frame, () -> {});
            case TYPING -> typing(caller, frame);
            case PULL -> pull(caller, List.of(frame.getPull()));
            case PULL_MANY -> pullMany(caller, frame.getPullMany().getPullsList());
            case SYNC -> sync(caller, frame.getSync());
            case SETTINGS, PROFILE, DEVICES, REVOKE_DEVICE, REGISTER_PUSH ->
                api.userCommand(caller, frame, reply(frame.getId()));
            case CONNECT, HEARTBEAT, ACK, ROOM, PRESENCE, BODY_NOT_SET ->
                throw new IllegalArgumentException("handled elsewhere: " + frame.getBodyCase());
        }
    }

    private void command(Caller caller, ClientFrame frame, Runnable ifNotTaken) {
        command(caller, CommandId.next(), frame, ifNotTaken);
    }

    /** @param ifNotTaken runs if the log does not hear of it; nothing more will come of it then */
    void command(Caller caller, String commandId, ClientFrame frame, Runnable ifNotTaken) {
        if (!order.mayAppend(System.nanoTime())) {
            ifNotTaken.run();
            fail(
                    frame.getId(),
                    Errors.unavailable("a command before this one failed a moment ago; retry that one first"));
            return;
        }
        awaitingAcceptance.add(commandId);
        api.command(caller, commandId, frame, reply(frame.getId(), commandId, ifNotTaken));
    }

    /** What is no news to the log is dropped, as a later one makes good for it. */
    private void typing(Caller caller, ClientFrame frame) {
        String conversationId = frame.getTyping().getConversationId();
        if (typingPace.isNews(conversationId, System.nanoTime())) {
            command(caller, frame, () -> typingPace.forget(conversationId));
        } else {
            session.send(frame.getId(), ServerFrame.newBuilder().setAccepted(Accepted.getDefaultInstance()));
        }
    }

    private void pullMany(Caller caller, List<Pull> pulls) {
        if (pulls.isEmpty() || pulls.size() > MAX_PULLS) {
            fail(caller.origin().getFrameId(), Errors.invalidArgument("pulls must be 1 to " + MAX_PULLS));
        } else {
            pull(caller, pulls);
        }
    }

    private void pull(Caller caller, List<Pull> pulls) {
        if (!reads.start(() -> pullNext(caller, pulls))) {
            fail(caller.origin().getFrameId(), overloaded());
        }
    }

    /** One after the other, so that no session holds more than one range at a time; one that fails stops none. */
    private void pullNext(Caller caller, List<Pull> pulls) {
        Pull pull = pulls.getFirst();
        String id = caller.origin().getFrameId();
        api.pull(caller, pull)
                .whenComplete((range, failure) -> session.inTurn(() -> {
                    if (failure == null) {
                        session.send(id, ServerFrame.newBuilder().setEvents(events(pull.getConversationId(), range)));
                    } else {
                        fail(id, Errors.of(failure));
                    }
                    if (pulls.size() > 1) {
                        reads.goOn(() -> pullNext(caller, pulls.subList(1, pulls.size())));
                    } else {
                        reads.done();
                    }
                }));
    }

    /** Sends the newest events of a room that the session has joined. */
    void newest(Caller caller, String roomId) {
        reads.startOwed(() -> api.newest(caller, roomId)
                .whenComplete((range, failure) -> session.inTurn(() -> {
                    session.send(
                            caller.origin().getFrameId(),
                            failure == null
                                    ? ServerFrame.newBuilder().setEvents(events(roomId, range))
                                    : ServerFrame.newBuilder().setError(Errors.of(failure)));
                    reads.done();
                })));
    }

    private void sync(Caller caller, Sync sync) {
        String id = caller.origin().getFrameId();
        boolean started = reads.start(() -> {
            syncing = id;
            api.sync(caller, sync, reply(id, "", this::syncEnded));
        });
        if (!started) {
            fail(id, overloaded());
        }
    }

    private void syncEnded() {
        if (syncing != null) {
            syncing = null;
            reads.done();
        }
    }

    private static Error overloaded() {
        return Errors.overloaded("at most " + Reads.MAX_WAITING
                + " reads of one connection wait for each other, fewer while the gateway is short of memory");
    }

    static Events events(String conversationId, HistoryRange range) {
        return Events.newBuilder()
                .setConversationId(conversationId)
                .addAllEvents(range.events())
                .setComplete(range.complete())
                .setHeadSeq(range.headSeq())
                .setFromSeq(range.fromSeq())
                .setToSeq(range.toSeq())
                .build();
    }

    void answer(Answer answer) {
        String id = answer.getOrigin().getFrameId();
        // durable it is, since it was decided: the log's own word may still be on its way
        accept(id, answer.getCommandId());
        switch (answer.getOutcomeCase()) {
            case SEQUENCED -> session.send(id, ServerFrame.newBuilder().setSequenced(answer.getSequenced()));
            case REFUSAL -> session.send(id, ServerFrame.newBuilder().setRefused(answer.getRefusal()));
            case APPLIED -> session.send(id, ServerFrame.newBuilder().setApplied(answer.getApplied()));
            case GROUP -> session.send(id, ServerFrame.newBuilder().setGroup(answer.getGroup()));
            case RECEIPTS -> session.send(id, ServerFrame.newBuilder().setReceipts(answer.getReceipts()));
            case OUTCOME_NOT_SET -> throw new IllegalArgumentException("an answer without an outcome");
        }
    }

    void answer(UserAnswer answer) {
        String id = answer.getOrigin().getFrameId();
        switch (answer.getOutcomeCase()) {
            case APPLIED -> session.send(id, ServerFrame.newBuilder().setApplied(answer.getApplied()));
            case REFUSAL -> session.send(id, ServerFrame.newBuilder().setRefused(answer.getRefusal()));
            case DEVICES -> session.send(id, ServerFrame.newBuilder().setDevices(answer.getDevices()));
            case FRIENDS -> throw new IllegalArgumentException("handled elsewhere: " + answer.getOutcomeCase());
            case OUTCOME_NOT_SET -> throw new IllegalArgumentException("an answer without an outcome");
        }
    }

    void synced(SyncAnswer answer) {
        session.send(
                answer.getOrigin().getFrameId(),
                ServerFrame.newBuilder()
                        .setSyncPage(SyncPage.newBuilder()
                                .addAllViews(answer.getViewsList())
                                .setVersion(answer.getVersion())
                                .setDone(answer.getDone())
                                .setBadge(answer.getBadge())
                                .setReset(answer.getReset())));
        if (answer.getOrigin().getFrameId().equals(syncing)) {
            reads.heard(System.nanoTime());
            if (answer.getDone()) {
                syncEnded();
            }
        }
    }

    /** What was read before may have gone out, and answers may be lost. */
    void tick(long nowNanos) {
        reads.tick(nowNanos);
        if (!reads.isRunning()) {
            syncing = null;
        }
    }

    /** The socket takes again what is read. */
    void caughtUp() {
        reads.proceed();
    }

    /** The session has ended. */
    void end() {
        reads.end();
    }

    /** For what has one answer only. */
    private ClientApi.Reply reply(String id) {
        return reply(id, "", () -> {});
    }

    private ClientApi.Reply reply(String id, String commandId, Runnable ifNotTaken) {
        return new ClientApi.Reply() {
            @Override
            public void accepted(String ignored) {
                session.inTurn(() -> accept(id, commandId));
            }

            @Override
            public void refused(Refusal refusal) {
                session.inTurn(() -> {
                    awaitingAcceptance.remove(commandId);
                    ifNotTaken.run();
                    session.send(id, ServerFrame.newBuilder().setRefused(refusal));
                });
            }

            @Override
            public void failed(Error error) {
                session.inTurn(() -> {
                    if (awaitingAcceptance.remove(commandId) && error.getRetryable() && !error.getOutcomeUnknown()) {
                        order.notAppended(System.nanoTime());
                    }
                    ifNotTaken.run();
                    fail(id, error);
                });
            }
        };
    }

    private void accept(String id, String commandId) {
        if (awaitingAcceptance.remove(commandId)) {
            session.send(
                    id,
                    ServerFrame.newBuilder().setAccepted(Accepted.newBuilder().setCommandId(commandId)));
        }
    }

    private void fail(String id, Error error) {
        session.send(id, ServerFrame.newBuilder().setError(error));
    }
}
