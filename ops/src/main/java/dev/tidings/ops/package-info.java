/** How Tidings is run, measured and broken. */
@NullMarked
package dev.tidings.ops;

import org.jspecify.annotations.NullMarked;
