/** Converts messages to bytes and JSON, and back. */
@NullMarked
package dev.tidings.schemas.serde;

import org.jspecify.annotations.NullMarked;
