package dev.tidings.processors.inbox;

import dev.tidings.v1.ConversationView;
import java.util.List;

/**
 * Views as a sync sends them, in the order in which it sends them.
 *
 * @param badge unread messages in all of the user's conversations that are not muted, whether they are among the views or not
 * @param reached where there are more views: the version up to which the sync has sent all; 0: there are no more
 */
record SyncedViews(List<ConversationView> views, long badge, long reached) {}
