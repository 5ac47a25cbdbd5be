/**
 * Who is notified away from the screen, of what, and in which words: pure functions of a user's view of a conversation, of
 * the user's devices and wishes, and of the time in the log. The words are in a file of resources for each language, read
 * once. Reads and writes nothing else, and keeps nothing.
 */
@NullMarked
package dev.tidings.processors.notification;

import org.jspecify.annotations.NullMarked;
