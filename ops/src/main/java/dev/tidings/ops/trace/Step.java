package dev.tidings.ops.trace;

import java.time.Instant;

/**
 * One record of a message.
 *
 * @param at the record's timestamp: when the command was appended. Records that follow from a command have the command's
 *     timestamp; a later timestamp is that of another command, such as an acknowledgement
 * @param position {@code topic/partition@offset}
 * @param stage the kind of the record: command, event, inbox, …
 * @param description for people; never content
 */
public record Step(Instant at, String position, String stage, String description) {}
