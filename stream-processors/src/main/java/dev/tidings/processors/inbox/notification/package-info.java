/** Notifications of users without a session: finds what they missed, counts the badge, and writes {@code notifications}. */
@NullMarked
package dev.tidings.processors.inbox.notification;

import org.jspecify.annotations.NullMarked;
