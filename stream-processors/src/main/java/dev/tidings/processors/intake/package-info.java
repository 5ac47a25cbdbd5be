/**
 * INTAKE is the door for business systems.
 *
 * <p>Reads {@code business}: protobuf or JSON, under any key. Writes {@code commands}, keyed anew by conversation: one
 * for each request, of the same to many users one for each of them, and rules once in every partition. What cannot be
 * read goes to {@code dead-letters} as it came, with its place and the reason. Keeps nothing: not which
 * requests it has seen (that one message stays one is CONVERSATION's to see to, by the client message id), nor who may
 * speak for whom (that is for the topic's access rules).
 *
 * <p>On a crash the open transaction is aborted and its records are read again, to the same commands with the same ids.
 * CONVERSATION may have decided some of them by then, and meets them a second time: every command that is let in here
 * must be harmless when it is decided twice.
 */
@NullMarked
package dev.tidings.processors.intake;

import org.jspecify.annotations.NullMarked;
