package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageState;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.ReactionCount;
import java.util.ArrayList;
import java.util.List;

/**
 * The reactions to a message, and whether it is pinned.
 *
 * @param reactions the earliest first
 */
record MessageMarks(List<ReactionCount> reactions, boolean pinned) {

    /** Further reactions are left out. */
    static final int MAX_REACTIONS = 20;

    /** Further users are only counted. */
    static final int MAX_USERS = 10;

    static final MessageMarks NONE = new MessageMarks(List.of(), false);

    MessageMarks {
        reactions = List.copyOf(reactions);
    }

    /** Returns the marks after a later event. Only {@code ReactionChanged} and {@code PinChanged} change them. */
    MessageMarks after(ConversationEvent event) {
        if (event.hasPinChanged()) {
            return new MessageMarks(reactions, !event.getPinChanged().getUnpinned());
        }
        return event.hasReactionChanged() ? after(event.getReactionChanged()) : this;
    }

    private MessageMarks after(ReactionChanged changed) {
        List<ReactionCount> after = new ArrayList<>();
        boolean found = false;
        for (ReactionCount reaction : reactions) {
            if (reaction.getReaction().equals(changed.getReaction())) {
                found = true;
                ReactionCount counted = changed.getRemoved()
                        ? without(reaction, changed.getUserId())
                        : with(reaction, changed.getUserId());
                if (counted.getCount() > 0) {
                    after.add(counted);
                }
            } else {
                after.add(reaction);
            }
        }
        if (!found && !changed.getRemoved() && after.size() < MAX_REACTIONS) {
            after.add(with(
                    ReactionCount.newBuilder()
                            .setReaction(changed.getReaction())
                            .build(),
                    changed.getUserId()));
        }
        return new MessageMarks(after, pinned);
    }

    private static ReactionCount with(ReactionCount reaction, String userId) {
        if (reaction.getUserIdsList().contains(userId)) {
            return reaction;
        }
        ReactionCount.Builder with = reaction.toBuilder().setCount(reaction.getCount() + 1);
        return with.getUserIdsCount() < MAX_USERS ? with.addUserIds(userId).build() : with.build();
    }

    private static ReactionCount without(ReactionCount reaction, String userId) {
        List<String> others = reaction.getUserIdsList().stream()
                .filter(user -> !user.equals(userId))
                .toList();
        return reaction.toBuilder()
                .setCount(reaction.getCount() - 1)
                .clearUserIds()
                .addAllUserIds(others)
                .build();
    }

    /** Returns the message with these marks in its state. */
    ConversationEvent on(ConversationEvent message) {
        if (equals(NONE)) {
            return message;
        }
        ConversationEvent.Builder marked = message.toBuilder();
        MessageState.Builder state = marked.getMessageSentBuilder().getStateBuilder();
        state.addAllReactions(reactions).setPinned(pinned);
        return marked.build();
    }
}
