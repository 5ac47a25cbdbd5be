/**
 * The limits that stand in the contracts, checked the same way wherever a command enters. The topology's check is the
 * one that counts; the gateway's only spares the way there.
 */
@NullMarked
package dev.tidings.schemas.check;

import org.jspecify.annotations.NullMarked;
