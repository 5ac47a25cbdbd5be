package dev.tidings.ops.erasure;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.EditedPreview;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.Relation;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.BusinessSendToMany;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.FriendRequested;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.JoinRequest;
import dev.tidings.v1.JoinRequested;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.Presence;
import dev.tidings.v1.PutUser;
import dev.tidings.v1.RelationView;
import dev.tidings.v1.RemarkChanged;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.SetRemark;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.UserProfile;
import java.util.List;
import java.util.Map;

/**
 * Removes the words of erased messages and users from messages of any type, at any depth. Everything else stays: ids, seqs, times,
 * mentions. A second pass changes nothing. An event gets the empty content that a replay of its erased command gives it.
 */
final class Redaction {

    private final ErasedSubjects erased;

    Redaction(ErasedSubjects erased) {
        this.erased = erased;
    }

    /** Whether the event follows from a command of an erased user, or carries the content of an erased message. */
    boolean concerns(ConversationEvent event, long atMillis) {
        return erased.hasUser(EventFacts.of(event).author(), atMillis)
                || event.hasMessageSent() && isErased(event.getMessageSent(), scopeOf(event, atMillis))
                || event.hasMessageEdited() && isErased(event.getMessageEdited(), scopeOf(event, atMillis));
    }

    private static RecordScope scopeOf(ConversationEvent event, long atMillis) {
        return RecordScope.at(atMillis).within(event);
    }

    /** Returns the message without the words of erased subjects; the same instance if it has none. */
    Message redacted(Message message, RecordScope outer) {
        RecordScope scope = outer.within(message);
        Message.Builder changed = null;
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (field.getKey().isRepeated()) {
                List<?> parts = (List<?>) field.getValue();
                for (int i = 0; i < parts.size(); i++) {
                    Message part = (Message) parts.get(i);
                    Message redacted = redacted(part, scope);
                    if (redacted != part) {
                        changed = changed == null ? message.toBuilder() : changed;
                        changed.setRepeatedField(field.getKey(), i, redacted);
                    }
                }
            } else {
                Message part = (Message) field.getValue();
                Message redacted = redacted(part, scope);
                if (redacted != part) {
                    changed = changed == null ? message.toBuilder() : changed;
                    changed.setField(field.getKey(), redacted);
                }
            }
        }
        Message inner = changed == null ? message : changed.build();
        Message own = withoutOwnWords(inner, scope);
        return own.equals(inner) ? inner : own;
    }

    private Message withoutOwnWords(Message message, RecordScope scope) {
        return switch (message) {
            case MessageSent sent
            when isErased(sent, scope) ->
                sent.toBuilder()
                        .setContent(Content.getDefaultInstance())
                        .clearMasked()
                        .build();
            case MessageEdited edited
            when isErased(edited, scope) ->
                edited.toBuilder()
                        .setContent(Content.getDefaultInstance())
                        .clearMasked()
                        .build();
            case SendMessage send
            when isErased(send, scope) -> send.toBuilder().clearContent().build();
            case EditMessage edit
            when isErased(edit, scope) -> edit.toBuilder().clearContent().build();
            case ReplyTo reply
            when isErased(reply, scope) -> reply.toBuilder().clearQuote().build();
            case Sequenced sequenced
            when erased.hasMessage(sequenced.getConversationId(), sequenced.getSeq()) ->
                sequenced.toBuilder().clearMaskedContent().build();
            case ModerationCase found
            when isErased(found, scope) -> found.toBuilder().clearContent().build();
            case Notification notification
            when isErased(notification, scope) ->
                notification.toBuilder().clearTitle().clearBody().build();
            case MessagePreview preview
            when erased.hasMessage(scope.conversationId(), preview.getSeq())
                    || erased.hasUser(preview.getSender(), scope.atMillis()) ->
                preview.toBuilder().clearText().build();
            case EntryRecord entry
            when isErased(entry, scope) -> entry.toBuilder().clearExcerpt().build();
            case EditedPreview edited
            when erased.hasMessage(scope.conversationId(), edited.getSeq()) ->
                edited.toBuilder().clearText().build();
            case BusinessCommand command -> withoutContent(command, scope);
            default -> withoutWordsOfUser(message, scope);
        };
    }

    private boolean isErased(MessageSent sent, RecordScope scope) {
        return erased.hasMessage(scope.conversationId(), scope.seq())
                || erased.hasMessage(sent.getMessageId())
                || erased.hasUser(sent.getSender(), scope.atMillis())
                || erased.hasOrigin(sent.getForwardedFrom(), scope.atMillis());
    }

    private boolean isErased(MessageEdited edited, RecordScope scope) {
        return erased.hasMessage(scope.conversationId(), edited.getSeq())
                || erased.hasUser(edited.getSender(), scope.atMillis());
    }

    private boolean isErased(SendMessage send, RecordScope scope) {
        return erased.hasMessage(scope.conversationId(), scope.userId(), send.getClientMsgId())
                || erased.hasUser(scope.userId(), scope.atMillis())
                || erased.hasOrigin(send.getForwardedFrom(), scope.atMillis());
    }

    private boolean isErased(EditMessage edit, RecordScope scope) {
        String conversationId = scope.conversationId().isEmpty() ? edit.getConversationId() : scope.conversationId();
        return erased.hasMessage(conversationId, edit.getSeq()) || erased.hasUser(scope.userId(), scope.atMillis());
    }

    private boolean isErased(ReplyTo reply, RecordScope scope) {
        return erased.hasMessage(scope.conversationId(), reply.getSeq())
                || erased.hasUser(reply.getSender(), scope.atMillis());
    }

    private boolean isErased(ModerationCase found, RecordScope scope) {
        return erased.hasMessage(found.getConversationId(), found.getMessageSeq())
                || erased.hasUser(found.getSender(), scope.atMillis());
    }

    private boolean isErased(Notification notification, RecordScope scope) {
        return erased.hasMessage(notification.getConversationId(), notification.getSeq())
                || erased.hasUser(notification.getSender(), scope.atMillis());
    }

    private boolean isErased(EntryRecord entry, RecordScope scope) {
        return erased.hasMessage(scope.conversationId(), scope.seq())
                || erased.hasUser(entry.getSender(), scope.atMillis());
    }

    private BusinessCommand withoutContent(BusinessCommand command, RecordScope scope) {
        boolean byErasedUser = erased.hasUser(command.getActor(), scope.atMillis());
        if (command.hasSendMessage()) {
            BusinessSend send = command.getSendMessage();
            boolean isErased = byErasedUser
                    || erased.hasMessage(send.getConversationId(), command.getActor(), send.getClientMsgId());
            return isErased
                    ? command.toBuilder()
                            .setSendMessage(send.toBuilder().clearContent())
                            .build()
                    : command;
        }
        if (command.hasSendToMany() && byErasedUser) {
            BusinessSendToMany send = command.getSendToMany();
            return command.toBuilder()
                    .setSendToMany(send.toBuilder().clearContent())
                    .build();
        }
        return command;
    }

    private Message withoutWordsOfUser(Message message, RecordScope scope) {
        return switch (message) {
            case UserProfile profile
            when isErased(profile.getUserId(), scope) ->
                profile.toBuilder()
                        .clearDisplayName()
                        .clearAvatarUrl()
                        .clearLocale()
                        .clearTimeZone()
                        .clearCustom()
                        .build();
            case UserChange change when isErased(change.getUserId(), scope) -> withoutFields(change);
            case AuditRecord audit
            when audit.getUserIdsList().stream().anyMatch(userId -> isErased(userId, scope)) ->
                audit.toBuilder().clearDetail().build();
            case Presence presence
            when isErased(presence.getUserId(), scope) ->
                presence.toBuilder().clearStatus().build();
            case FriendRequested requested
            when isErased(requested.getBy(), scope) ->
                requested.toBuilder().clearNote().build();
            case RemarkChanged remark
            when isErased(remark.getBy(), scope) ->
                remark.toBuilder().clearRemark().build();
            case JoinRequested requested
            when isErased(requested.getUserId(), scope) ->
                requested.toBuilder().clearNote().build();
            case JoinRequest request
            when isErased(request.getUserId(), scope) ->
                request.toBuilder().clearNote().build();
            case RelationView relation
            when isErased(peer(scope), scope) ->
                relation.toBuilder().clearRequestNote().build();
            default -> isErased(scope.userId(), scope) ? withoutOwnState(message) : message;
        };
    }

    /** The other user of a private conversation; empty: the scope has none. */
    private static String peer(RecordScope scope) {
        return ConversationId.parse(scope.conversationId()) instanceof ConversationId.Private pair
                        && pair.has(scope.userId())
                ? pair.peerOf(scope.userId())
                : "";
    }

    private boolean isErased(String userId, RecordScope scope) {
        return erased.hasUser(userId, scope.atMillis());
    }

    private static UserChange withoutFields(UserChange change) {
        return switch (change.getChangeCase()) {
            case PUT -> change.toBuilder().setPut(PutUser.getDefaultInstance()).build();
            case PATCH ->
                change.toBuilder().setPatch(PatchUser.getDefaultInstance()).build();
            case DISABLE, ENABLE, CHANGE_NOT_SET -> change;
        };
    }

    /** A part of a record of an erased user. */
    private static Message withoutOwnState(Message message) {
        return switch (message) {
            case PresenceRecord presence -> presence.toBuilder().clearStatus().build();
            case ChangeProfile change
            when change.hasStatus() -> change.toBuilder().setStatus("").build();
            case ChangeSettings change
            when change.hasDraft() -> change.toBuilder().setDraft("").build();
            case ConversationView view -> view.toBuilder().clearDraft().build();
            case ViewRecord view -> view.toBuilder().clearDraft().build();
            case Relation relation -> relation.toBuilder().clearRemark().build();
            case RelationView relation -> relation.toBuilder().clearRemark().build();
            case RequestFriend request -> request.toBuilder().clearNote().build();
            case SetRemark remark -> remark.toBuilder().clearRemark().build();
            case JoinGroup join -> join.toBuilder().clearNote().build();
            default -> message;
        };
    }
}
