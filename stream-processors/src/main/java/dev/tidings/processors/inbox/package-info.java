/**
 * INBOX: what an event means to a user, and to each of the user's devices.
 *
 * <p>Reads {@code inbox} and {@code user-commands}, which are partitioned alike. Writes {@code deliveries} (one record
 * per gateway) and {@code user-events} (what changed). Keeps, per user: the open sessions and the version of the user's
 * views; per user and conversation: a view (last, read and own positions, a preview). Unread is derived from positions
 * and never counted up and down. Does not keep content.
 *
 * <p>An event at or below what a view has applied changes nothing and is delivered again: devices keep (conversation,
 * seq).
 */
@NullMarked
package dev.tidings.processors.inbox;

import org.jspecify.annotations.NullMarked;
