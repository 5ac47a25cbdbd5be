/**
 * The Redis sink: the newest events of each conversation, those of them that edit or recall a message; and of each user the views as
 * of the user's own last change, the newest badge, and the profile of the user directory. History is answered from the events. The push sink reads the rest.
 *
 * <p>Reads {@code tidings.conversation-events}, {@code tidings.user-events}, {@code tidings.notifications} (the badge) and {@code
 * tidings.directory}, writes the keys of {@link
 * dev.tidings.schemas.readmodel.RedisKeys}, and keeps nothing itself. All of it can be dropped and rebuilt: events are
 * members of a set scored by their seq, and a view, badge or profile never replaces a newer one, so replays change nothing.
 *
 * <p>The changes in Redis are exactly those of the recent events; one script writes both. So if Redis holds every event from a
 * message to the newest one, it holds all changes of that message.
 *
 * <p>Not kept: events older than the newest of a conversation, and facts outside the sequence (seq 0).
 */
@NullMarked
package dev.tidings.connectors.redis;

import org.jspecify.annotations.NullMarked;
