package dev.tidings.processors.inbox;

import dev.tidings.v1.ConversationView;
import java.util.List;

/**
 * What a user sees.
 *
 * @param changed views that changed since the version asked for, in no particular order
 * @param badge unread messages in all conversations that are not muted, changed or not
 */
record UserSight(List<ConversationView> changed, long badge) {}
