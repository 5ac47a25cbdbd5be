/** Syncs: reads a user's views and sends them to a session in pages. Decisions 28 and 37. */
@NullMarked
package dev.tidings.processors.inbox.sync;

import org.jspecify.annotations.NullMarked;
