package dev.tidings.ops.bench.check;

/** A range of seqs in a conversation, both ends included. {@code to} is 0 for a range up to the newest event. */
public record SeqRange(long from, long to) {}
