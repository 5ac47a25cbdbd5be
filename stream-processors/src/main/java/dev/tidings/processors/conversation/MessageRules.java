package dev.tidings.processors.conversation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.Happened;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.rules.Inspection;
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

/** Saying something, saying it otherwise, and taking it back. */
final class MessageRules {

    private MessageRules() {}

    static Decision send(Asked asked, SendMessage send) {
        if (send.hasExpiresAt() && !asked.isAhead(send.getExpiresAt())) {
            return asked.refused(
                    Refusal.Reason.EXPIRED, "expiresAt has passed: " + Timestamps.toString(send.getExpiresAt()));
        }
        Refused silence = Speaking.silence(asked);
        if (silence != null) {
            return silence;
        }
        Inspection inspection = inspected(asked, send.getContent());
        if (inspection.refusal() != null) {
            return new Refused(inspection.refusal());
        }
        Refused tooFast = Speaking.tooFast(asked, inspection.content());
        if (tooFast != null) {
            return tooFast;
        }
        if (send.getMentions().getAll() && !mayCallAll(asked)) {
            return asked.refused(Refusal.Reason.NOT_ALLOWED, "only the owner and admins mention all");
        }
        if (send.getReplyTo().getSeq() > asked.conversation().head().getLastSeq()) {
            return asked.refused(
                    Refusal.Reason.MESSAGE_NOT_FOUND,
                    "there is no seq " + send.getReplyTo().getSeq() + " to reply to");
        }
        MessageSent.Builder sent = MessageSent.newBuilder()
                .setMessageId(asked.command().getCommandId())
                .setSender(asked.actor())
                .setClientMsgId(send.getClientMsgId())
                .setContent(inspection.content())
                .setAsSystem(asked.asSystem())
                .setMasked(inspection.masked());
        if (send.hasReplyTo()) {
            sent.setReplyTo(replyTo(asked, send.getReplyTo()));
        }
        if (send.hasMentions()) {
            sent.setMentions(mentioned(asked, send.getMentions()));
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
        ConversationEvent event = asked.next(
                        !send.getFlags().getNoUnread() && !(asked.id() instanceof ConversationId.Room))
                .setMessageSent(sent)
                .build();
        return new Happened(
                event, flagged(asked, inspection, event, sent.getMessageId(), event.getSeq(), sent.getSender()));
    }

    static Decision edit(Asked asked, EditMessage edit) {
        EntryRecord entry = asked.conversation().entry(edit.getSeq());
        if (entry == null) {
            return Target.missing(asked, edit.getSeq());
        }
        Refused unfit = notForEditing(asked, entry);
        if (unfit != null) {
            return unfit;
        }
        Inspection inspection = inspected(asked, edit.getContent());
        if (inspection.refusal() != null) {
            return new Refused(inspection.refusal());
        }
        if (edit.getMentions().getAll() && !mayCallAll(asked)) {
            return asked.refused(Refusal.Reason.NOT_ALLOWED, "only the owner and admins mention all");
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
                .setBy(asked.actor());
        if (edit.hasMentions()) {
            edited.setMentions(mentioned(asked, edit.getMentions()));
        }
        if (entry.hasExpiresAt()) {
            edited.setExpiresAt(entry.getExpiresAt());
        }
        MentionsRecord before = asked.conversation().mentions(edit.getSeq());
        if (before.hasMentions()) {
            edited.setPreviousMentions(before.getMentions());
        }
        ConversationEvent event = asked.next().setMessageEdited(edited).build();
        return new Happened(
                event, flagged(asked, inspection, event, entry.getMessageId(), edit.getSeq(), entry.getSender()));
    }

    /** The owner and admins, and the operator, may recall what is so old that nothing is known of it any more. */
    static Decision recall(Asked asked, RecallMessage recall) {
        boolean mayAlways = asked.asSystem() || isGroup(asked) && asked.isAdmin();
        EntryRecord entry = asked.conversation().entry(recall.getSeq());
        MessageRecalled.Builder recalled =
                MessageRecalled.newBuilder().setSeq(recall.getSeq()).setBy(asked.actor());
        MentionsRecord mentions = asked.conversation().mentions(recall.getSeq());
        if (mentions.hasMentions()) {
            recalled.setMentions(mentions.getMentions())
                    .setMessageIndex(mentions.getMessageIndex())
                    .setCountable(mentions.getCountable());
        }
        if (entry == null) {
            return mayAlways && recall.getSeq() <= asked.conversation().head().getLastSeq()
                    ? asked.happened(asked.next().setMessageRecalled(recalled))
                    : Target.missing(asked, recall.getSeq());
        }
        Refused notForRecall = notForRecall(asked, entry, mayAlways);
        if (notForRecall != null) {
            return notForRecall;
        }
        return asked.happened(asked.next()
                .setMessageRecalled(recalled.setMessageId(entry.getMessageId())
                        .setSender(entry.getSender())
                        .setClientMsgId(entry.getClientMsgId())
                        .setSentAt(entry.getSentAt())
                        .setMessageIndex(entry.getMessageIndex())
                        .setCountable(entry.getCountable())));
    }

    private static Inspection inspected(Asked asked, Content content) {
        return asked.asSystem() ? Inspection.passed(content) : Inspection.of(asked.rules(), content);
    }

    private static @Nullable ModerationCase flagged(
            Asked asked,
            Inspection inspection,
            ConversationEvent event,
            String messageId,
            long messageSeq,
            String sender) {
        if (!inspection.flagged()) {
            return null;
        }
        return ModerationCase.newBuilder()
                .setConversationId(asked.command().getConversationId())
                .setSeq(event.getSeq())
                .setMessageSeq(messageSeq)
                .setMessageId(messageId)
                .setSender(sender)
                .setContent(inspection.original())
                .addAllFindings(inspection.findings())
                .setAt(asked.time())
                .build();
    }

    private static boolean mayCallAll(Asked asked) {
        return !isGroup(asked) || asked.isAdmin();
    }

    /** Who is no member is nobody to call. */
    private static Mentions mentioned(Asked asked, Mentions wanted) {
        Mentions.Builder mentions = Mentions.newBuilder().setAll(wanted.getAll());
        wanted.getUserIdsList().stream()
                .distinct()
                .filter(userId -> belongs(asked, userId))
                .forEach(mentions::addUserIds);
        return mentions.build();
    }

    private static boolean belongs(Asked asked, String userId) {
        return switch (asked.id()) {
            case ConversationId.Private pair -> pair.has(userId);
            case ConversationId.Group group ->
                asked.conversation().member(userId).getRole() != Role.ROLE_UNSPECIFIED;
            case ConversationId.SystemAccount account -> account.id().equals(userId);
            case ConversationId.Room room -> true;
            case ConversationId.Broadcast broadcast -> true;
        };
    }

    private static ReplyTo replyTo(Asked asked, ReplyTo wanted) {
        ReplyTo.Builder reply = ReplyTo.newBuilder().setSeq(wanted.getSeq());
        EntryRecord entry = asked.conversation().entry(wanted.getSeq());
        if (entry != null) {
            if (!entry.hasExpiresAt() || asked.isAhead(entry.getExpiresAt())) {
                // of what was recalled, nothing is left to quote
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

    private static @Nullable Refused notForEditing(Asked asked, EntryRecord entry) {
        Refused unfit = Target.flaw(asked, entry);
        if (unfit != null || asked.asSystem()) {
            return unfit;
        }
        if (!entry.getSender().equals(asked.actor())) {
            return asked.refused(Refusal.Reason.NOT_ALLOWED, "only who sent a message edits it");
        }
        if (asked.millisSince(entry.getSentAt()) > asked.rules().policy().editWindowMillis()) {
            return asked.refused(Refusal.Reason.MESSAGE_TOO_OLD, "it is too late to edit this message");
        }
        return Speaking.silence(asked);
    }

    private static @Nullable Refused notForRecall(Asked asked, EntryRecord entry, boolean mayAlways) {
        Refused unfit = Target.flaw(asked, entry);
        if (unfit != null) {
            return unfit;
        }
        boolean own = entry.getSender().equals(asked.actor());
        boolean inTime =
                asked.millisSince(entry.getSentAt()) <= asked.rules().policy().recallWindowMillis();
        if (mayAlways || own && inTime) {
            return null;
        }
        return own
                ? asked.refused(Refusal.Reason.MESSAGE_TOO_OLD, "it is too late to recall this message")
                : asked.refused(Refusal.Reason.NOT_ALLOWED, "only who sent a message, and admins, recall it");
    }

    private static boolean isGroup(Asked asked) {
        return asked.id() instanceof ConversationId.Group;
    }
}
