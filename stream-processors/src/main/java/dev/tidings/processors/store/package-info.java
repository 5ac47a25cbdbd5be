/**
 * State stores and the unit of work of a record: what a record writes is staged, measured against {@link
 * dev.tidings.schemas.Limits}, and written as a whole or not at all. Decisions 23 and 24.
 */
@NullMarked
package dev.tidings.processors.store;

import org.jspecify.annotations.NullMarked;
