-- The search index: the sink writes the terms of each message, and a text index finds messages by them (decision 49).
--
-- The text index needs ClickHouse 26.2 or newer. Rows that were written before have no terms.

ALTER TABLE tidings.message_changes ADD COLUMN IF NOT EXISTS search_terms Array(String) COMMENT 'Of an edit: terms of the new content, as in messages' CODEC(ZSTD(3));
ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS search_terms Array(String) COMMENT 'Terms of the search index: folded words, symbols, and of text without spaces each character and each pair; empty where recalled or encrypted' CODEC(ZSTD(3));
ALTER TABLE tidings.messages ADD INDEX IF NOT EXISTS search_terms_index search_terms TYPE text(tokenizer = 'array');

-- A search over all conversations of a user begins with the groups of the user.
ALTER TABLE tidings.member_changes ADD INDEX IF NOT EXISTS user_index user_id TYPE bloom_filter(0.01) GRANULARITY 1;
