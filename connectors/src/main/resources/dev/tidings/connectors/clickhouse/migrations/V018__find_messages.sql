-- The terms of the index must be a constant, which a lambda function does not return.

CREATE OR REPLACE VIEW tidings.find_messages AS
WITH caseFoldUTF8(removeDiacriticsUTF8(normalizeUTF8NFKC({words:String}))) AS folded
SELECT
    conversation_id,
    seq,
    sender,
    sent_at,
    content_type,
    text,
    length(splitByWhitespace(folded)) / length(search_terms) AS relevance
FROM tidings.messages FINAL
WHERE hasAllTokens(search_terms, splitByWhitespace(replaceRegexpAll(caseFoldUTF8(removeDiacriticsUTF8(normalizeUTF8NFKC({words:String}))), '([^\\s*]{3})[^\\s*]*[*]', '\\1*')))
    AND arrayAll(word -> NOT endsWith(word, '*') OR arrayExists(term -> startsWith(term, substring(word, 1, length(word) - 1)), search_terms), splitByWhitespace(folded))
COMMENT 'Messages that contain all of the words, in their current state. Parameter words: separated by spaces; a word of at least three letters and an asterisk is the beginning of a word; Chinese, Japanese and Korean text as single characters or pairs. Columns: conversation_id; seq; sender; sent_at; content_type; text; relevance, greater if the words are a larger part of the message';
