package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.PinMessage;
import dev.tidings.v1.Refusal;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Pins messages for all members of a conversation. In groups only the owner and admins pin. */
final class PinRules {

    static final int MAX_PINS = 50;

    private PinRules() {}

    static Decision pin(CommandContext context, PinMessage pin) {
        if (!(context.id() instanceof ConversationId.Private) && !context.isAdmin()) {
            return context.adminsOnly();
        }
        GroupRecord shared = context.conversation().group();
        boolean pinned = shared.getPinnedSeqsList().contains(pin.getSeq());
        if (pinned != pin.getUnpin()) {
            return new Unchanged();
        }
        Refused refused = pin.getUnpin() ? null : check(context, shared, pin.getSeq());
        return refused != null
                ? refused
                : context.accepted(context.nextEvent()
                        .setPinChanged(PinChanged.newBuilder()
                                .setSeq(pin.getSeq())
                                .setBy(context.actor())
                                .setUnpinned(pin.getUnpin())));
    }

    static void applyChanged(Conversation.Mutable conversation, ConversationEvent event) {
        PinChanged changed = event.getPinChanged();
        if (changed.getUnpinned()) {
            unpin(conversation, changed.getSeq());
        } else {
            TreeSet<Long> pins = new TreeSet<>(conversation.group().getPinnedSeqsList());
            pins.add(changed.getSeq());
            conversation.changeGroup(group -> group.clearPinnedSeqs().addAllPinnedSeqs(pins));
        }
    }

    /** Removes the pin of a message, if it has one. */
    static void unpin(Conversation.Mutable conversation, long seq) {
        List<Long> before = conversation.group().getPinnedSeqsList();
        List<Long> after = before.stream().filter(pinned -> pinned != seq).toList();
        if (after.size() < before.size()) {
            conversation.changeGroup(group -> group.clearPinnedSeqs().addAllPinnedSeqs(after));
        }
    }

    private static @Nullable Refused check(CommandContext context, GroupRecord shared, long seq) {
        EntryRecord entry = context.conversation().entry(seq);
        Refused refused = entry == null ? TargetMessage.missing(context, seq) : TargetMessage.check(context, entry);
        if (refused != null) {
            return refused;
        }
        return shared.getPinnedSeqsCount() < MAX_PINS
                ? null
                : context.refused(
                        Refusal.Reason.TOO_MANY,
                        context.id() + " has " + MAX_PINS + " pinned messages; no more are allowed");
    }
}
