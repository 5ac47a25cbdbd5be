/** What holds for texts wherever they are written or shown: where they may be cut, and when they are blank. */
@NullMarked
package dev.tidings.schemas.text;

import org.jspecify.annotations.NullMarked;
