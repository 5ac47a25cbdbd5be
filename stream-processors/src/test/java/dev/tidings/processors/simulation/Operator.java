package dev.tidings.processors.simulation;

import dev.tidings.processors.TestRecords;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SendMessage;
import java.util.Random;

/** The operator of the platform, who sends broadcasts. */
final class Operator {

    private static final int BROADCASTS = 2;

    private final Cluster cluster;
    private final Random random;

    Operator(Cluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
    }

    /** Sends a message to every broadcast, which counts as unread and notifies. */
    void broadcastToAll() {
        for (int number = 0; number < BROADCASTS; number++) {
            String conversation = "b:news" + number;
            Command command = Command.newBuilder()
                    .setCommandId(cluster.unique("command"))
                    .setConversationId(conversation)
                    .setAsSystem(true)
                    .setSendMessage(SendMessage.newBuilder()
                            .setClientMsgId(cluster.unique("news"))
                            .setContent(TestRecords.text(cluster.unique("news "))))
                    .build();
            cluster.append(Topics.COMMANDS, conversation, command);
        }
    }

    /** Sends, edits or recalls a broadcast. Some neither count as unread nor notify. */
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
                        .setContent(TestRecords.text(cluster.unique("edited "))));
            case 1 ->
                command.setRecallMessage(RecallMessage.newBuilder()
                        .setConversationId(conversation)
                        .setSeq(seq));
            default ->
                command.setSendMessage(SendMessage.newBuilder()
                        .setClientMsgId(cluster.unique("news"))
                        .setContent(TestRecords.text(cluster.unique("news ")))
                        .setFlags(SendFlags.newBuilder()
                                .setNoUnread(random.nextInt(4) == 0)
                                .setNoPush(random.nextInt(4) == 0)));
        }
        cluster.append(Topics.COMMANDS, conversation, command.build());
    }
}
