/**
 * INTAKE turns the requests of business systems into commands.
 *
 * <p>Reads {@code business}: protobuf or JSON, with any key. Writes {@code commands}, keyed by conversation: one for each
 * request, one for each user of a {@code sendToMany}, and rules once to every partition. Writes changes of users to {@code
 * directory-commands}, and queries about users to {@code user-commands}. Writes a record that is no request to {@code
 * dead-letters} as received, with its position and the reason, and a refusal to {@code business-replies} if its source and request
 * id can be read. Writes a large {@code sendToMany} in steps, and keeps it until it
 * is done ({@link dev.tidings.processors.intake.PendingRequests}, decision 44). Refuses a request that its source has no right
 * to ({@link dev.tidings.processors.intake.SourceRights}), and writes it to {@code audit}. Keeps the newest bans until a time
 * ({@link dev.tidings.processors.intake.BanRequests}) to recognize repeated ones, and no other state: CONVERSATION deduplicates messages by client message id.
 *
 * <p>After a crash the open transaction is aborted, and its records are read again and give the same commands with the same ids.
 * CONVERSATION may have decided some of them already and gets them a second time, so every command must be harmless when it is
 * decided twice.
 */
@NullMarked
package dev.tidings.processors.intake;

import org.jspecify.annotations.NullMarked;
