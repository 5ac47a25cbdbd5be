package dev.tidings.ops.trace;

import java.time.Instant;

/**
 * One record that a message has led to.
 *
 * @param at the record's time: of appending for commands; all that follows from a command carries its time, and later ones
 *     are steps of another command, such as an acknowledgement
 * @param place topic, partition and offset, as {@code topic/partition@offset}
 * @param stage what kind of step it is: command, event, inbox, …
 * @param what for people; never content
 */
public record Step(Instant at, String place, String stage, String what) {}
