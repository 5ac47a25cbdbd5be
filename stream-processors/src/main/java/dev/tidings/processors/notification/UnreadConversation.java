package dev.tidings.processors.notification;

import dev.tidings.state.v1.ViewRecord;

/**
 * A conversation whose last message may not have reached any of the user's devices.
 *
 * @param view the conversation as the user sees it
 * @param unread number of messages in it that the user has not read
 */
public record UnreadConversation(String userId, String conversationId, ViewRecord view, long unread) {}
