/**
 * CONVERSATION decides commands.
 *
 * <p>Reads {@code commands}. Writes {@code conversation-events} (the history), {@code inbox} (one record per inbox
 * partition with a recipient), {@code deliveries} (one record per gateway for large groups and rooms; answers to
 * sessions), {@code moderation}, {@code bans}, {@code audit} (administrative commands and their results), {@code business-replies}, and to {@code commands} the next step of work that is too
 * much for one record.
 *
 * <p>Keeps, per conversation: the head (last seq, message index), the {@link
 * dev.tidings.processors.conversation.RecentEvents}, members and former members with roles and positions, the state that
 * members share, and the gateways that are subscribed; also the operator's rules. Does not keep content, except the beginning of recent texts for
 * quotes, and nothing about sessions.
 *
 * <p>One command leads to one decision, and at most one event. {@link dev.tidings.processors.conversation.ConversationDecider}
 * decides it and applies the event, {@link dev.tidings.processors.conversation.Audience} determines the recipients, {@code
 * FanOut} and {@code Answers} write the outputs. The rules of each operation, to decide it and to apply its event, are in one
 * {@code *Rules} class.
 *
 * <p>After a crash the open transaction is aborted and its commands are decided again, with the same outcome. A command
 * that cannot be read goes to {@code dead-letters}.
 */
@NullMarked
package dev.tidings.processors.conversation;

import org.jspecify.annotations.NullMarked;
