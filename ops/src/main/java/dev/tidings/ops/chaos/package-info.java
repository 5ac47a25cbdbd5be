/**
 * {@code tidings chaos}: runs a cluster of processes on this machine under load, makes them fail by a schedule that follows from a seed,
 * and checks every message and every unread count. The state is the processes and their directory.
 */
@NullMarked
package dev.tidings.ops.chaos;

import org.jspecify.annotations.NullMarked;
