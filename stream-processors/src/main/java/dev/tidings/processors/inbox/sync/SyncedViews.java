package dev.tidings.processors.inbox.sync;

import dev.tidings.v1.ConversationView;
import java.util.List;

/**
 * The views of a sync, in the order of sending.
 *
 * @param badge unread messages in all conversations of the user that are not muted, not only in these views
 * @param reached the version up to which the sync is complete, if there are more views; 0 if there are none
 */
public record SyncedViews(List<ConversationView> views, long badge, long reached) {}
