/**
 * State stores and the unit of work of a record: what a record writes is staged, measured against {@link
 * dev.tidings.schemas.Limits}, and written as a whole or not at all. A store may contain records that are derived from others
 * and are not in its changelog. Decisions 23, 24 and 42.
 */
@NullMarked
package dev.tidings.processors.store;

import org.jspecify.annotations.NullMarked;
