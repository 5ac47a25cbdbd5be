/**
 * What clients ask for first, in Redis: the newest events of each conversation, and each user's view of his
 * conversations.
 *
 * <p>Reads {@code tidings.conversation-events} and {@code tidings.user-events}, writes the keys of {@link
 * dev.tidings.schemas.readmodel.RedisKeys}, and keeps nothing itself. All of it can be dropped and rebuilt: events are
 * members of a set scored by their seq, and a view is never put over a newer one, so replays change nothing.
 *
 * <p>Not kept: events older than the newest of a conversation, and facts outside the sequence (seq 0).
 */
@NullMarked
package dev.tidings.connectors.redis;

import org.jspecify.annotations.NullMarked;
