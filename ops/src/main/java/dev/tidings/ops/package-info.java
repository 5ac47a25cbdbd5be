/** Tools to run, operate and measure Tidings, and the tests of the whole system. */
@NullMarked
package dev.tidings.ops;

import org.jspecify.annotations.NullMarked;
