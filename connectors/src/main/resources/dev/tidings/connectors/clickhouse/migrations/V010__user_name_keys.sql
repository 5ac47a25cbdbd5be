-- The index of the search by name (decision 55): the primary key finds a prefix.

CREATE TABLE IF NOT EXISTS tidings.user_name_keys
(
    name_key String COMMENT 'A folded display name from one of its words on, such as muller for Alice Müller',
    user_id String COMMENT 'The user',
    version Int64 COMMENT 'The newest profile of the user with this key; a later profile may have another name' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (name_key, user_id)
COMMENT 'Index of display names, also former ones, for the search by prefix';
