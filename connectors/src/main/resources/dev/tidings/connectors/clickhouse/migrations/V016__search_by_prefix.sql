-- A word that ends with an asterisk is the beginning of a word (decision 66).

CREATE OR REPLACE VIEW tidings.find_messages AS
WITH splitByWhitespace(caseFoldUTF8(removeDiacriticsUTF8(normalizeUTF8NFKC({words:String})))) AS wanted
SELECT
    conversation_id,
    seq,
    sender,
    sent_at,
    content_type,
    text,
    length(wanted) / length(search_terms) AS relevance
FROM tidings.messages FINAL
WHERE hasAllTokens(search_terms, arrayMap(word -> if(endsWith(word, '*'), concat(substringUTF8(word, 1, 3), '*'), word), wanted))
    AND arrayAll(word -> NOT endsWith(word, '*') OR arrayExists(term -> startsWith(term, substring(word, 1, length(word) - 1)), search_terms), wanted)
COMMENT 'Messages that contain all of the words, in their current state. Parameter words: separated by spaces; a word of at least three letters and an asterisk is the beginning of a word; Chinese, Japanese and Korean text as single characters or pairs. Columns: conversation_id; seq; sender; sent_at; content_type; text; relevance, greater if the words are a larger part of the message';

ALTER TABLE tidings.messages COMMENT COLUMN search_terms 'Terms of the search index: folded words, symbols, and of text without spaces each character and each pair; then the first three characters of each word with an asterisk; empty where recalled or encrypted';
