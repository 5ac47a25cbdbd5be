/**
 * CONVERSATION decides what happened.
 *
 * <p>Reads {@code commands}. Writes {@code conversation-events} (the history), {@code inbox} (one record per inbox
 * partition with a recipient), {@code deliveries} (one record per gateway for large groups, rooms and broadcasts; answers
 * to sessions), {@code moderation}, {@code business-replies}, and to {@code commands} what is too much for one record.
 * Keeps, per conversation: the head (last seq, message index), the metadata of the newest {@value
 * dev.tidings.processors.conversation.ConversationDecider#WINDOW} events and what they are known by, who belongs and in
 * which role, what members share, what has been read, which gateways are attached, and to what each of them is; and the
 * operator's rules. Does not keep content, nor anything about sessions.
 *
 * <p>One command, one decision, one event at most: {@link dev.tidings.processors.conversation.ConversationDecider} decides,
 * {@link dev.tidings.processors.conversation.Audience} says who is to hear of it, {@link
 * dev.tidings.processors.conversation.Evolution} takes it up, {@code FanOut} and {@code Answers} tell it.
 *
 * <p>On a crash the open transaction is aborted and its commands are decided again, with the same outcome. A command
 * that cannot be understood goes to {@code dead-letters}.
 */
@NullMarked
package dev.tidings.processors.conversation;

import org.jspecify.annotations.NullMarked;
