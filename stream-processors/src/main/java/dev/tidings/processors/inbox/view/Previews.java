package dev.tidings.processors.inbox.view;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.text.Graphemes;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageSent;

/** Keeps the preview of the last message of a conversation. */
public final class Previews {

    private static final int MAX_CHARACTERS = 120;

    private Previews() {}

    /** Returns the last message after a message is sent, edited or recalled; other events do not change it. */
    public static MessagePreview after(MessagePreview last, ConversationEvent event) {
        if (event.hasMessageSent()) {
            return event.getSeq() > last.getSeq() ? of(event, event.getMessageSent()) : last;
        }
        if (event.hasMessageEdited()) {
            MessageEdited edited = event.getMessageEdited();
            return edited.getSeq() == last.getSeq() && !last.getRecalled()
                    ? last.toBuilder().setText(text(edited.getContent())).build()
                    : last;
        }
        if (event.hasMessageRecalled()) {
            return event.getMessageRecalled().getSeq() == last.getSeq()
                    ? last.toBuilder().clearText().setRecalled(true).build()
                    : last;
        }
        return last;
    }

    /** Returns the preview of a message after an edit; the message need not be the last one. */
    public static MessagePreview of(MessageEdited edited) {
        return MessagePreview.newBuilder()
                .setSeq(edited.getSeq())
                .setSender(edited.getSender())
                .setSentAt(edited.getSentAt())
                .setText(text(edited.getContent()))
                .build();
    }

    /** Returns true if the view has a last message that the user may still see. */
    static boolean isShown(ViewRecord view, Timestamp at) {
        MessagePreview last = view.getLastMessage();
        return view.hasLastMessage()
                && !Invitations.isPending(view)
                && !UnreadCounts.isDeleted(view, last.getSeq())
                && !(last.hasExpiresAt() && Timestamps.compare(last.getExpiresAt(), at) <= 0);
    }

    /**
     * Removes the content of a last message that the user has deleted for themselves. The entry stays, so that no older
     * message and no edit replaces it.
     */
    static void forget(ViewRecord.Builder view) {
        if (UnreadCounts.isDeleted(view, view.getLastMessage().getSeq())) {
            view.getLastMessageBuilder().clearText();
            view.clearNotable();
        }
    }

    private static MessagePreview of(ConversationEvent event, MessageSent sent) {
        MessagePreview.Builder preview = MessagePreview.newBuilder()
                .setSeq(event.getSeq())
                .setSender(sent.getSender())
                .setSentAt(event.getSentAt())
                .setText(text(sent.getContent()));
        if (sent.hasExpiresAt()) {
            preview.setExpiresAt(sent.getExpiresAt());
        }
        return preview.build();
    }

    public static String text(Content content) {
        return switch (content.getBodyCase()) {
            case TEXT -> Graphemes.first(content.getText().getBody(), MAX_CHARACTERS);
            case IMAGE -> "[image]";
            case AUDIO -> "[audio]";
            case VIDEO -> "[video]";
            case FILE -> "[file]";
            case LOCATION -> "[location]";
            case CARD -> "[card]";
            case CUSTOM -> "[custom]";
            case ENCRYPTED -> "[encrypted]";
            case BODY_NOT_SET -> "";
        };
    }
}
