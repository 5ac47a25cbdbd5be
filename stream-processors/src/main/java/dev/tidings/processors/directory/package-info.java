/**
 * DIRECTORY keeps the user directory: names, avatars and other facts about users.
 *
 * <p>Reads {@code directory-commands}, keyed by user id: changes from INTAKE and gateways, and the word rules from CONVERSATION.
 * Writes the changed profile to {@code directory}, a record for gateways to {@code bans} when a user is disabled or enabled, the
 * reply to {@code business-replies} or {@code deliveries}, and the audit record of an administrative command to {@code audit}. Keeps one profile for each user, and the rules. Conversations and inboxes
 * do not depend on it: see decision 48.
 */
@NullMarked
package dev.tidings.processors.directory;

import org.jspecify.annotations.NullMarked;
