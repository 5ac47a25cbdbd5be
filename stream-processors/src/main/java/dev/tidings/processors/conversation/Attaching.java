package dev.tidings.processors.conversation;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.AttachmentsRecord;
import dev.tidings.v1.AttachGateway;
import dev.tidings.v1.Command;
import dev.tidings.v1.HeadNotice;
import java.util.List;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Gateways come and go. One that comes is told where the conversation stands: whatever happens after that, it hears. The
 * gateways of a room hear, too, how many are in it now. An empty room is forgotten, all but its numbers.
 */
final class Attaching {

    private Attaching() {}

    static void attach(Conversation.Evolving conversation, Record<String, Command> record, FanOut fanOut) {
        AttachGateway attach = record.value().getAttachGateway();
        fanOut.requireSlot(attach.getGatewaySlot());
        boolean room = ConversationId.parse(record.key()) instanceof ConversationId.Room;
        if (!room && !conversation.head().getLarge()) {
            // a small group's members are told by name
            return;
        }
        AttachmentsRecord before = conversation.attachments();
        AttachmentsRecord after = Attachments.after(before, attach);
        if (!after.equals(before)) {
            conversation.putAttachments(after);
        }
        HeadNotice head = head(conversation, record.key(), room ? Attachments.online(after) : 0);
        boolean othersCount = room && Attachments.online(after) != Attachments.online(before);
        List<Integer> told = Attachments.slots(after).stream()
                .filter(slot -> othersCount || slot == attach.getGatewaySlot())
                .toList();
        fanOut.notice(record, told, head);
        if (room && after.getAttachmentsCount() == 0) {
            conversation.forgetAllButHead();
        }
    }

    private static HeadNotice head(Conversation conversation, String conversationId, int online) {
        return HeadNotice.newBuilder()
                .setConversationId(conversationId)
                .setLastSeq(conversation.head().getLastSeq())
                .setMessageIndex(conversation.head().getMessageIndex())
                .setOnline(online)
                .build();
    }
}
