/**
 * Decides which users are notified by push, of which message, and with which text. Its functions are pure: their input
 * is a user's view of a conversation, the user's devices and notification settings, and the time in the log. The texts
 * are read once from one resource file per language. Reads and writes nothing else, and keeps nothing.
 */
@NullMarked
package dev.tidings.processors.notification;

import org.jspecify.annotations.NullMarked;
