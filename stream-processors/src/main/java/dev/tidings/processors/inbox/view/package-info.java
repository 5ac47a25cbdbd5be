/**
 * Views: what an event means to one user, as pure functions. Unread messages are derived from positions and never counted up
 * and down. Views of groups and of broadcasts are joined with what all users share.
 */
@NullMarked
package dev.tidings.processors.inbox.view;

import org.jspecify.annotations.NullMarked;
