/**
 * CONVERSATION decides what happened.
 *
 * <p>Reads {@code commands}. Writes {@code conversation-events} (the history), {@code inbox} (one record per inbox
 * partition with a recipient), and the answer to whoever asked: to {@code deliveries} for a session, to {@code
 * business-replies} for a business system. Keeps, per conversation: the head (last seq, message index), the metadata of
 * the newest {@value dev.tidings.processors.conversation.ConversationDecider#WINDOW} entries, which client message ids
 * they had, and how far members have read. Does not keep content, nor anything about sessions.
 *
 * <p>On a crash the open transaction is aborted and its commands are decided again, with the same outcome. A command
 * that cannot be understood goes to {@code dead-letters}.
 */
@NullMarked
package dev.tidings.processors.conversation;

import org.jspecify.annotations.NullMarked;
