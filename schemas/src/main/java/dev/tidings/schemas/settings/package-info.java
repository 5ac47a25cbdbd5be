/** Configuration from a properties file and from environment variables. */
@NullMarked
package dev.tidings.schemas.settings;

import org.jspecify.annotations.NullMarked;
