package dev.tidings.processors.notification;

import dev.tidings.state.v1.ViewRecord;

/**
 * A conversation whose last message may have reached none of the user's devices.
 *
 * @param view as the user would see it
 * @param unread messages in it that the user has not read
 */
public record Unseen(String userId, String conversationId, ViewRecord view, long unread) {}
