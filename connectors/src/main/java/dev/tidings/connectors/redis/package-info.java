/**
 * What clients ask for first, in Redis: the newest events of each conversation, those among them that edit or recall a
 * message, and each user's view of his conversations.
 *
 * <p>Reads {@code tidings.conversation-events} and {@code tidings.user-events}, writes the keys of {@link
 * dev.tidings.schemas.readmodel.RedisKeys}, and keeps nothing itself. All of it can be dropped and rebuilt: events are
 * members of a set scored by their seq, and a view is never put over a newer one, so replays change nothing.
 *
 * <p>Changes of messages are exactly those of the recent events that are changes; both are written in one step. So who finds
 * in Redis every event from a message to the newest has found its changes, too, and nobody else has.
 *
 * <p>Not kept: events older than the newest of a conversation, and facts outside the sequence (seq 0).
 */
@NullMarked
package dev.tidings.connectors.redis;

import org.jspecify.annotations.NullMarked;
