package dev.tidings.processors.conversation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.Accepted;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.rules.EffectivePolicy;
import dev.tidings.processors.rules.Inspection;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MentionsRecord;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.Role;
import dev.tidings.v1.SendMessage;
import org.jspecify.annotations.Nullable;

/** Sends, edits and recalls messages. */
final class MessageRules {

    private MessageRules() {}

    static Decision send(CommandContext context, SendMessage send) {
        if (send.hasExpiresAt() && !context.isFuture(send.getExpiresAt())) {
            return context.refused(
                    Refusal.Reason.EXPIRED, "expiresAt has passed: " + Timestamps.toString(send.getExpiresAt()));
        }
        Refused mayNotPost = PostingRules.check(context);
        if (mayNotPost != null) {
            return mayNotPost;
        }
        Inspection inspection = inspect(context, send.getContent());
        if (inspection.refusal() != null) {
            return new Refused(inspection.refusal());
        }
        Refused tooFast = SendRates.check(context, inspection.content());
        if (tooFast != null) {
            return tooFast;
        }
        Refused refused = checkMentions(context, send.getMentions());
        if (refused != null) {
            return refused;
        }
        if (send.getReplyTo().getSeq() > context.conversation().head().getLastSeq()) {
            return context.refused(
                    Refusal.Reason.MESSAGE_NOT_FOUND,
                    "there is no seq " + send.getReplyTo().getSeq() + " to reply to");
        }
        MessageSent sent = message(context, send, inspection);
        boolean countable = EventFacts.countsAsUnread(sent) && !(context.id() instanceof ConversationId.Room);
        ConversationEvent event =
                context.nextEvent(countable).setMessageSent(sent).build();
        return new Accepted(
                event,
                moderationCase(context, inspection, event, sent.getMessageId(), event.getSeq(), sent.getSender()));
    }

    static void applySent(Conversation.Mutable conversation, EffectivePolicy policy, ConversationEvent event) {
        SendRates.applySent(conversation, policy, event);
        RecentEvents.applySent(conversation, event);
    }

    static Decision edit(CommandContext context, EditMessage edit) {
        EntryRecord entry = context.conversation().entry(edit.getSeq());
        if (entry == null) {
            return TargetMessage.missing(context, edit.getSeq());
        }
        Refused refused = checkEdit(context, entry);
        if (refused != null) {
            return refused;
        }
        Inspection inspection = inspect(context, edit.getContent());
        if (inspection.refusal() != null) {
            return new Refused(inspection.refusal());
        }
        Refused mentionsRefused = checkMentions(context, edit.getMentions());
        if (mentionsRefused != null) {
            return mentionsRefused;
        }
        MessageEdited.Builder edited = MessageEdited.newBuilder()
                .setSeq(edit.getSeq())
                .setMessageId(entry.getMessageId())
                .setSender(entry.getSender())
                .setClientMsgId(entry.getClientMsgId())
                .setSentAt(entry.getSentAt())
                .setMessageIndex(entry.getMessageIndex())
                .setContent(inspection.content())
                .setMasked(inspection.masked())
                .setCountable(entry.getCountable())
                .setBy(context.actor());
        if (edit.hasMentions()) {
            edited.setMentions(mentionsOfMembers(context, edit.getMentions()));
        }
        if (entry.hasExpiresAt()) {
            edited.setExpiresAt(entry.getExpiresAt());
        }
        MentionsRecord before = context.conversation().mentions(edit.getSeq());
        if (before.hasMentions()) {
            edited.setPreviousMentions(before.getMentions());
        }
        ConversationEvent event = context.nextEvent().setMessageEdited(edited).build();
        return new Accepted(
                event,
                moderationCase(context, inspection, event, entry.getMessageId(), edit.getSeq(), entry.getSender()));
    }

    static void applyEdited(Conversation.Mutable conversation, ConversationEvent event) {
        RecentEvents.applyEdited(conversation, event.getMessageEdited());
    }

    /**
     * The owner, admins and the operator may also recall a message that is no longer among the recent events. An operator who
     * repeats a recall changes nothing.
     */
    static Decision recall(CommandContext context, RecallMessage recall) {
        boolean mayAlways = context.asSystem() || context.isGroup() && context.isAdmin();
        EntryRecord entry = context.conversation().entry(recall.getSeq());
        MessageRecalled.Builder recalled =
                MessageRecalled.newBuilder().setSeq(recall.getSeq()).setBy(context.actor());
        MentionsRecord mentions = context.conversation().mentions(recall.getSeq());
        if (mentions.hasMentions()) {
            recalled.setMentions(mentions.getMentions())
                    .setMessageIndex(mentions.getMessageIndex())
                    .setCountable(mentions.getCountable());
        }
        if (entry == null) {
            return mayAlways && recall.getSeq() <= context.conversation().head().getLastSeq()
                    ? context.accepted(context.nextEvent().setMessageRecalled(recalled))
                    : TargetMessage.missing(context, recall.getSeq());
        }
        if (context.asSystem() && entry.getRecalled()) {
            return new Decision.Unchanged();
        }
        Refused refused = checkRecall(context, entry, mayAlways);
        if (refused != null) {
            return refused;
        }
        return context.accepted(context.nextEvent()
                .setMessageRecalled(recalled.setMessageId(entry.getMessageId())
                        .setSender(entry.getSender())
                        .setClientMsgId(entry.getClientMsgId())
                        .setSentAt(entry.getSentAt())
                        .setMessageIndex(entry.getMessageIndex())
                        .setCountable(entry.getCountable())));
    }

    static void applyRecalled(Conversation.Mutable conversation, ConversationEvent event) {
        RecentEvents.applyRecalled(conversation, event.getMessageRecalled());
        PinRules.unpin(conversation, event.getMessageRecalled().getSeq());
    }

    private static Inspection inspect(CommandContext context, Content content) {
        return context.asSystem() || context.command().getContentErased()
                ? Inspection.passed(content)
                : Inspection.of(context.rules(), content);
    }

    private static MessageSent message(CommandContext context, SendMessage send, Inspection inspection) {
        MessageSent.Builder sent = MessageSent.newBuilder()
                .setMessageId(context.command().getCommandId())
                .setSender(context.actor())
                .setClientMsgId(send.getClientMsgId())
                .setContent(inspection.content())
                .setAsSystem(context.asSystem())
                .setMasked(inspection.masked());
        if (send.hasReplyTo()) {
            sent.setReplyTo(replyTo(context, send.getReplyTo()));
        }
        if (send.hasMentions()) {
            sent.setMentions(mentionsOfMembers(context, send.getMentions()));
        }
        if (send.hasExpiresAt()) {
            sent.setExpiresAt(send.getExpiresAt());
        }
        if (send.hasFlags()) {
            sent.setFlags(send.getFlags());
        }
        if (send.hasForwardedFrom()) {
            sent.setForwardedFrom(send.getForwardedFrom());
        }
        return sent.build();
    }

    /** The case for moderators if a rule flagged the content; otherwise null. */
    private static @Nullable ModerationCase moderationCase(
            CommandContext context,
            Inspection inspection,
            ConversationEvent event,
            String messageId,
            long messageSeq,
            String sender) {
        if (!inspection.flagged()) {
            return null;
        }
        return ModerationCase.newBuilder()
                .setConversationId(context.command().getConversationId())
                .setSeq(event.getSeq())
                .setMessageSeq(messageSeq)
                .setMessageId(messageId)
                .setSender(sender)
                .setContent(inspection.original())
                .addAllFindings(inspection.findings())
                .setAt(context.time())
                .build();
    }

    private static @Nullable Refused checkMentions(CommandContext context, Mentions mentions) {
        boolean mayMentionAll = !context.isGroup() || context.isAdmin();
        return mentions.getAll() && !mayMentionAll
                ? context.refused(Refusal.Reason.NOT_ALLOWED, "only the owner and admins mention all")
                : null;
    }

    /** The mentions without users who do not belong to the conversation. */
    private static Mentions mentionsOfMembers(CommandContext context, Mentions wanted) {
        Mentions.Builder mentions = Mentions.newBuilder().setAll(wanted.getAll());
        wanted.getUserIdsList().stream()
                .distinct()
                .filter(userId -> belongs(context, userId))
                .forEach(mentions::addUserIds);
        return mentions.build();
    }

    private static boolean belongs(CommandContext context, String userId) {
        return switch (context.id()) {
            case ConversationId.Private pair -> pair.has(userId);
            case ConversationId.Group group ->
                context.conversation().member(userId).getRole() != Role.ROLE_UNSPECIFIED;
            case ConversationId.SystemAccount account -> account.id().equals(userId);
            case ConversationId.Room room -> true;
            case ConversationId.Broadcast broadcast -> true;
        };
    }

    /** The reply with sender and quote of the message that it answers, as far as they are kept. */
    private static ReplyTo replyTo(CommandContext context, ReplyTo wanted) {
        ReplyTo.Builder reply = ReplyTo.newBuilder().setSeq(wanted.getSeq());
        EntryRecord entry = context.conversation().entry(wanted.getSeq());
        if (entry != null) {
            if (!entry.hasExpiresAt() || context.isFuture(entry.getExpiresAt())) {
                // empty if the message was recalled
                reply.setQuote(entry.getExcerpt());
            }
            if (entry.hasExpiresAt()) {
                reply.setExpiresAt(entry.getExpiresAt());
            }
            reply.setMessageId(entry.getMessageId())
                    .setSender(entry.getMessageId().isEmpty() ? "" : entry.getSender());
        }
        return reply.build();
    }

    private static @Nullable Refused checkEdit(CommandContext context, EntryRecord entry) {
        Refused refused = TargetMessage.check(context, entry);
        if (refused != null || context.asSystem()) {
            return refused;
        }
        if (!entry.getSender().equals(context.actor())) {
            return context.refused(Refusal.Reason.NOT_ALLOWED, "only the sender may edit a message");
        }
        if (context.millisSince(entry.getSentAt()) > context.rules().policy().editWindowMillis()) {
            return context.refused(Refusal.Reason.MESSAGE_TOO_OLD, "the time to edit this message has passed");
        }
        return PostingRules.check(context);
    }

    private static @Nullable Refused checkRecall(CommandContext context, EntryRecord entry, boolean mayAlways) {
        Refused refused = TargetMessage.check(context, entry);
        if (refused != null) {
            return refused;
        }
        boolean own = entry.getSender().equals(context.actor());
        boolean inTime = context.millisSince(entry.getSentAt())
                <= context.rules().policy().recallWindowMillis();
        if (mayAlways || own && inTime) {
            return null;
        }
        return own
                ? context.refused(Refusal.Reason.MESSAGE_TOO_OLD, "the time to recall this message has passed")
                : context.refused(Refusal.Reason.NOT_ALLOWED, "only the sender and admins may recall a message");
    }
}
