package dev.tidings.gateway.api;

import dev.tidings.schemas.text.SearchPattern.TextRange;
import dev.tidings.v1.SearchHit;
import dev.tidings.v1.TextSpan;
import java.util.List;

/** Cuts the text around the first match. */
final class SearchExcerpt {

    /** UTF-16 units. */
    static final int MAX_LENGTH = 240;

    private static final int BEFORE = 60;

    private SearchExcerpt() {}

    /** @param matches ascending, not empty; those beyond the excerpt are left out */
    static void put(SearchHit.Builder hit, String text, List<TextRange> matches) {
        int from =
                text.length() <= MAX_LENGTH ? 0 : Math.max(0, matches.getFirst().from() - BEFORE);
        from = boundary(text, Math.min(from, Math.max(0, text.length() - MAX_LENGTH)));
        int to = boundary(text, Math.min(text.length(), from + MAX_LENGTH));
        hit.setExcerpt(text.substring(from, to));
        for (TextRange match : matches) {
            if (match.from() < to) {
                hit.addHighlights(
                        TextSpan.newBuilder().setFrom(match.from() - from).setTo(Math.min(match.to(), to) - from));
            }
        }
    }

    /** Returns an index that does not lie within a surrogate pair; at most the given one. */
    private static int boundary(String text, int index) {
        boolean splits = index > 0
                && index < text.length()
                && Character.isLowSurrogate(text.charAt(index))
                && Character.isHighSurrogate(text.charAt(index - 1));
        return splits ? index - 1 : index;
    }
}
