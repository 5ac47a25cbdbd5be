package dev.tidings.gateway.history;

/**
 * The part of a conversation that is in one object of the archive. An object of a later generation can have seqs between those of an
 * earlier one.
 *
 * @param object its name
 */
record ArchivedRange(String object, long firstSeq, long lastSeq, long firstSentAtMillis, long lastSentAtMillis) {

    boolean overlaps(SeqSpan span) {
        return firstSeq <= span.to() && lastSeq >= span.from();
    }
}
