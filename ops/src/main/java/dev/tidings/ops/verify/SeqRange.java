package dev.tidings.ops.verify;

/** A range of events of one conversation; both ends are inclusive. */
record SeqRange(String conversationId, long fromSeq, long toSeq) {}
