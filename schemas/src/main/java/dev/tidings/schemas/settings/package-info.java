/** Configuration: one properties file, every key also by environment. */
@NullMarked
package dev.tidings.schemas.settings;

import org.jspecify.annotations.NullMarked;
