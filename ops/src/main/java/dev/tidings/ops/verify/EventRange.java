package dev.tidings.ops.verify;

/** A range of events of one conversation; both ends are inclusive. */
record EventRange(String conversationId, long fromSeq, long toSeq) {}
