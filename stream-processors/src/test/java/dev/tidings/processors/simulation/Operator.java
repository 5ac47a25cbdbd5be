package dev.tidings.processors.simulation;

import dev.tidings.processors.Said;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SendMessage;
import java.util.Random;

/** The operator of the platform, who speaks to all. */
final class Operator {

    private static final int BROADCASTS = 2;

    private final Cluster cluster;
    private final Random random;

    Operator(Cluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
    }

    /** Says something to all, or takes back or changes what was said. It neither counts as unread nor notifies. */
    void broadcast() {
        String conversation = "b:news" + random.nextInt(BROADCASTS);
        Command.Builder command = Command.newBuilder()
                .setCommandId(cluster.unique("command"))
                .setConversationId(conversation)
                .setAsSystem(true);
        long seq = 1 + random.nextInt(8);
        switch (random.nextInt(8)) {
            case 0 ->
                command.setEditMessage(EditMessage.newBuilder()
                        .setConversationId(conversation)
                        .setSeq(seq)
                        .setContent(Said.text(cluster.unique("edited "))));
            case 1 ->
                command.setRecallMessage(RecallMessage.newBuilder()
                        .setConversationId(conversation)
                        .setSeq(seq));
            default ->
                command.setSendMessage(SendMessage.newBuilder()
                        .setClientMsgId(cluster.unique("news"))
                        .setContent(Said.text(cluster.unique("news ")))
                        .setFlags(SendFlags.newBuilder().setNoUnread(true).setNoPush(true)));
        }
        cluster.append(Topics.COMMANDS, conversation, command.build());
    }
}
