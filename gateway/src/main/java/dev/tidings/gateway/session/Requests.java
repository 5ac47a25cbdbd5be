package dev.tidings.gateway.session;

import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.v1.Accepted;
import dev.tidings.v1.Answer;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Error;
import dev.tidings.v1.Events;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Pull;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncPage;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the client of one open session asks for, and what it is answered: {@code accepted} always comes before what
 * became of the command. Not thread-safe: used in the session's turn only, and what completes elsewhere comes back into
 * it.
 */
final class Requests {

    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

    /** The session whose requests these are. */
    interface Asking {

        /** Runs this while nothing else of the session runs. */
        void inTurn(Runnable task);

        /** To the client, unless the session has ended; in turn only. */
        void send(String id, ServerFrame.Builder frame);
    }

    private final Origin origin;
    private final ClientApi api;
    private final Asking session;
    private final Set<String> awaitingAcceptance = new HashSet<>();

    /** @param origin where answers go; names no frame yet */
    Requests(Origin origin, ClientApi api, Asking session) {
        this.origin = origin;
        this.api = api;
        this.session = session;
    }

    /** @param userId who is signed in */
    void request(String userId, ClientFrame frame) {
        String id = frame.getId();
        switch (frame.getBodyCase()) {
            case SEND -> {
                String commandId = newCommand();
                api.send(userId, commandId, origin(id), frame.getSend(), reply(id, commandId));
            }
            case MARK_READ -> {
                String commandId = newCommand();
                api.markRead(userId, commandId, origin(id), frame.getMarkRead(), reply(id, commandId));
            }
            case PULL -> pull(userId, id, frame.getPull());
            case SYNC -> api.sync(userId, origin(id), frame.getSync(), reply(id, ""));
            case EDIT, RECALL, DELETE_FOR_ME, REACT, PIN, GROUP, FRIEND, ROOM ->
                fail(id, Errors.invalidArgument("not yet"));
            case CONNECT, HEARTBEAT, ACK, BODY_NOT_SET ->
                throw new IllegalArgumentException("no request: " + frame.getBodyCase());
        }
    }

    private void pull(String userId, String id, Pull pull) {
        api.pull(userId, pull)
                .whenComplete((range, failure) -> session.inTurn(() -> {
                    if (failure == null) {
                        pulled(id, pull, range);
                    } else {
                        pullFailed(userId, id, failure);
                    }
                }));
    }

    private void pulled(String id, Pull pull, HistoryRange range) {
        session.send(
                id,
                ServerFrame.newBuilder()
                        .setEvents(Events.newBuilder()
                                .setConversationId(pull.getConversationId())
                                .addAllEvents(range.events())
                                .setComplete(range.complete())
                                .setHeadSeq(range.headSeq())));
    }

    private void pullFailed(String userId, String id, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RequestException request) {
            fail(id, request.error());
        } else {
            LOG.warn("history cannot be read now user={}", userId, cause);
            fail(id, Errors.unavailable("history cannot be read now; try again"));
        }
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
                                .setDone(answer.getDone())));
    }

    private String newCommand() {
        String commandId = CommandId.next();
        awaitingAcceptance.add(commandId);
        return commandId;
    }

    private Origin origin(String frameId) {
        return origin.toBuilder().setFrameId(frameId).build();
    }

    private ClientApi.Reply reply(String id, String commandId) {
        return new ClientApi.Reply() {
            @Override
            public void accepted(String ignored) {
                session.inTurn(() -> accept(id, commandId));
            }

            @Override
            public void refused(Refusal refusal) {
                session.inTurn(() -> {
                    awaitingAcceptance.remove(commandId);
                    session.send(id, ServerFrame.newBuilder().setRefused(refusal));
                });
            }

            @Override
            public void failed(Error error) {
                session.inTurn(() -> {
                    awaitingAcceptance.remove(commandId);
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
