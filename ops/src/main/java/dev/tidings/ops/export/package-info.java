/** Exports the data of one user: rows of ClickHouse, and the state of INBOX from its changelogs. */
@NullMarked
package dev.tidings.ops.export;

import org.jspecify.annotations.NullMarked;
