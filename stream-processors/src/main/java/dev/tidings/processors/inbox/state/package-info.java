/**
 * The state stores of INBOX: users, their devices, presence and views; the index of views; what users share; the clock of sync
 * tokens.
 */
@NullMarked
package dev.tidings.processors.inbox.state;

import org.jspecify.annotations.NullMarked;
