/**
 * INBOX: what an event means to a user, and to each of the user's devices.
 *
 * <p>Reads {@code inbox} and {@code user-commands}, which are partitioned alike. Writes {@code deliveries} (one record
 * per gateway, and the answers to what users ask and say about themselves), {@code user-events} (what changed) and
 * {@code notifications} (of what reached no device). Keeps, per user: the open sessions, on which gateways they are, the
 * version of the user's views; devices, and how the user wants to be notified; who watches the user's presence; per user and
 * conversation: a view (positions, a preview, what counts as unread, what the user is in a group or to the other, and how the
 * user wants to see it); what users share (broadcasts, heads of
 * large groups), once for all. Unread is derived from positions and never counted up and down. Does not
 * keep content.
 *
 * <p>An event at or below what a view has applied changes nothing and is delivered again: devices keep (conversation,
 * seq). Of a large group only those whom an event concerns by name are told of it here; their devices follow the rest
 * over the gateways. A broadcast touches nobody: it is put together with the user's own view when the user syncs.
 */
@NullMarked
package dev.tidings.processors.inbox;

import org.jspecify.annotations.NullMarked;
