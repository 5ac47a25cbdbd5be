/**
 * Sends requests as a business system does: writes them to {@code tidings.business} and reads the replies from {@code
 * tidings.business-replies}. Keeps nothing.
 */
@NullMarked
package dev.tidings.ops.business;

import org.jspecify.annotations.NullMarked;
