/** Names of conversations, users and commands: how they look, and where they lie. */
@NullMarked
package dev.tidings.schemas.id;

import org.jspecify.annotations.NullMarked;
