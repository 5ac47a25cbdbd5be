package dev.tidings.connectors.clickhouse.row;

import java.util.List;

/**
 * The content of a message.
 *
 * @param contentType the content's field in the contract, such as {@code text}
 * @param text the body of a text, or the caption of a medium; otherwise empty
 * @param content the content as JSON
 * @param searchTerms the terms of the search index ({@code SearchTerms})
 * @param masked whether moderation rules masked parts of it
 */
public record MessageBody(
        String contentType,
        String text,
        String content,
        List<String> searchTerms,
        List<String> mentions,
        boolean mentionAll,
        boolean masked) {

    public MessageBody {
        searchTerms = List.copyOf(searchTerms);
        mentions = List.copyOf(mentions);
    }
}
