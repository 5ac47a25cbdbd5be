/** Rules for texts of users: when a text is blank, where it may be cut, and which words of it a search finds. */
@NullMarked
package dev.tidings.schemas.text;

import org.jspecify.annotations.NullMarked;
