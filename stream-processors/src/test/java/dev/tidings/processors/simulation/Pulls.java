package dev.tidings.processors.simulation;

import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.Error;
import dev.tidings.v1.Events;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Pull;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.UserCommand;
import java.util.Map;
import java.util.TreeMap;

/** Answers the pulls of the clients of a gateway from history, within what they may see. */
final class Pulls {

    private final Cluster cluster;
    private final History history;
    private final Producer producer;
    private final Map<String, Pulling> pulling = new TreeMap<>();

    private record Pulling(Connection connection, String frameId, Pull pull) {}

    Pulls(Cluster cluster, History history, Producer producer) {
        this.cluster = cluster;
        this.history = history;
        this.producer = producer;
    }

    /** Asks INBOX first what the user may see of a group. */
    void ask(Connection connection, Origin origin, Pull pull) {
        if (!pull.getConversationId().startsWith("g:")) {
            read(connection, origin.getFrameId(), pull, 1, 0);
            return;
        }
        String frameId = cluster.unique("access");
        pulling.put(frameId, new Pulling(connection, origin.getFrameId(), pull));
        producer.send(UserCommand.newBuilder()
                .setUserId(connection.userId)
                .setAccessRequest(AccessRequest.newBuilder()
                        .setOrigin(origin.toBuilder().setFrameId(frameId))
                        .setConversationId(pull.getConversationId()))
                .build());
    }

    void answered(AccessAnswer answer) {
        Pulling asked = pulling.remove(answer.getOrigin().getFrameId());
        if (asked != null) {
            read(asked.connection(), asked.frameId(), asked.pull(), answer.getFromSeq(), answer.getToSeq());
        }
    }

    /** @param visibleTo 0: no end */
    private void read(Connection connection, String frameId, Pull pull, long visibleFrom, long visibleTo) {
        long from = Math.max(pull.getFromSeq(), visibleFrom);
        long to = visibleTo == 0 ? pull.getToSeq() : Math.min(pull.getToSeq(), visibleTo);
        if (visibleFrom == 0 || from > to) {
            connection.send(
                    frameId,
                    ServerFrame.newBuilder().setError(Error.newBuilder().setCode(Error.Code.FORBIDDEN)));
            return;
        }
        connection.send(
                frameId,
                ServerFrame.newBuilder()
                        .setEvents(Events.newBuilder()
                                .setConversationId(pull.getConversationId())
                                .addAllEvents(history.read(pull.getConversationId(), from, to))
                                .setComplete(true)
                                .setHeadSeq(history.head(pull.getConversationId()))));
    }
}
