/** Bytes and JSON to messages and back. */
@NullMarked
package dev.tidings.schemas.serde;

import org.jspecify.annotations.NullMarked;
