/** Facts about events that processors, gateways and sinks share. Reads and writes nothing, and keeps nothing. */
@NullMarked
package dev.tidings.schemas.event;

import org.jspecify.annotations.NullMarked;
