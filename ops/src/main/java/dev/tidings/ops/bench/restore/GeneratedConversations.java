package dev.tidings.ops.bench.restore;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.TextContent;

/**
 * Private conversations with one message each. Every user has {@value #PER_USER} of them.
 *
 * @param count at least 1,000, divisible by 10
 */
record GeneratedConversations(int count) {

    static final int MIN_COUNT = 1_000;
    static final int PER_USER = 20;

    /** Each conversation has two users. */
    private static final int COUNT_DIVISOR = PER_USER / 2;

    GeneratedConversations {
        if (count < MIN_COUNT || count % COUNT_DIVISOR != 0) {
            throw new IllegalArgumentException("the number of conversations is " + count + "; at least " + MIN_COUNT
                    + ", divisible by " + COUNT_DIVISOR + ", is allowed");
        }
    }

    int users() {
        return count / COUNT_DIVISOR;
    }

    /** Returns the sender of the first message of a conversation. */
    String sender(int conversation) {
        return user(conversation % users());
    }

    /** Returns the id of a conversation; the same number has the same id. */
    String id(int conversation) {
        int distance = 1 + conversation / users();
        return ConversationId.between(sender(conversation), user((conversation % users() + distance) % users()))
                .toString();
    }

    /** @param name of the message in its conversation */
    Command message(int conversation, String name) {
        return Command.newBuilder()
                .setCommandId("restore-" + conversation + '-' + name)
                .setConversationId(id(conversation))
                .setActor(sender(conversation))
                .setSendMessage(SendMessage.newBuilder()
                        .setClientMsgId(name)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder()
                                        .setBody("The " + name
                                                + " message of this conversation, a text of the usual length."))))
                .build();
    }

    private static String user(int number) {
        return "user-" + number;
    }
}
