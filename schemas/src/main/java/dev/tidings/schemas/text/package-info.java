/** Rules for texts of users: when a text is blank, and where it may be cut. */
@NullMarked
package dev.tidings.schemas.text;

import org.jspecify.annotations.NullMarked;
