package dev.tidings.ops.bench;

/** A stretch of a conversation's sequence, both ends included; {@code to} 0: up to the newest. */
record SeqRange(long from, long to) {}
