package dev.tidings.ops.bench;

import dev.tidings.v1.Content;

/**
 * What all clients of one conversation share.
 *
 * @param content of every message
 * @param large its events come to who follows it: a client hears of it by {@code head} when it does
 */
record Conversation(String id, Content content, boolean large, Ledger ledger) {}
