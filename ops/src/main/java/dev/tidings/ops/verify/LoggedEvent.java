package dev.tidings.ops.verify;

/**
 * A sequenced event in the log.
 *
 * @param hash {@link EventHash}
 * @param isMessage whether the event sends a message
 */
record LoggedEvent(String conversationId, long seq, long hash, boolean isMessage) {}
