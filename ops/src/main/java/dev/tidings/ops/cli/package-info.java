/**
 * The command {@code tidings}: reads arguments and settings, runs the system and its roles ({@link dev.tidings.ops.run}), and
 * prints what the operator's tools return ({@link dev.tidings.ops.rules}, {@link dev.tidings.ops.deadletters}, {@link
 * dev.tidings.ops.replay}, {@link dev.tidings.ops.trace}).
 */
@NullMarked
package dev.tidings.ops.cli;

import org.jspecify.annotations.NullMarked;
