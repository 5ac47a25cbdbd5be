/**
 * Sessions, devices and presence of users: opens and closes sessions, lists devices, and tells sessions that watch a user when
 * the user's presence changes.
 */
@NullMarked
package dev.tidings.processors.inbox.session;

import org.jspecify.annotations.NullMarked;
