package dev.tidings.processors.inbox;

import dev.tidings.v1.ConversationView;
import java.util.List;

/**
 * What a user sees.
 *
 * @param changed views that changed since the version asked for, but for broadcasts, in the order of conversation ids
 * @param broadcasts all of them, in the order of their ids
 * @param badge unread messages in all conversations that are not muted, changed or not
 */
record UserSight(List<ConversationView> changed, List<ConversationView> broadcasts, long badge) {}
