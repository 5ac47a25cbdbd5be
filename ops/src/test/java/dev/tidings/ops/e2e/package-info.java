/** The whole system on real parts, as its users see it: over WebSockets, in a browser, and in SQL. */
@NullMarked
package dev.tidings.ops.e2e;

import org.jspecify.annotations.NullMarked;
