/**
 * INBOX keeps each user's view of each conversation, and delivers events to the users' sessions.
 *
 * <p>Reads {@code inbox} and {@code user-commands}, which are partitioned alike. Writes {@code deliveries} (one record
 * per gateway, and the replies to users' requests and commands), {@code user-events} (changes) and {@code
 * notifications} (of messages that reached no device).
 *
 * <p>Keeps, per user: the open sessions and their gateways, devices, notification settings, and the sessions that watch
 * the user's presence. Keeps, per user and conversation: a view with positions, a preview, the inputs of the unread
 * count, the user's role or relation, and the user's settings. Keeps shared state (broadcasts, heads of groups) once
 * for all users. The unread count is derived from positions and never counted up and down. Does not keep content,
 * except previews.
 *
 * <p>A repeated event does not change a view and is delivered again: devices drop duplicates by (conversation, seq). In
 * a large group, only users whom an event concerns by name receive it here; their devices follow all other events
 * through the gateways. A broadcast changes no user's view: it is joined with the user's own view when the user syncs.
 */
@NullMarked
package dev.tidings.processors.inbox;

import org.jspecify.annotations.NullMarked;
