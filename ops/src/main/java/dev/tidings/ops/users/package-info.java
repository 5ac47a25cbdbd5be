/** Reads files of users and makes changes of the user directory of them. Keeps nothing. */
@NullMarked
package dev.tidings.ops.users;

import org.jspecify.annotations.NullMarked;
