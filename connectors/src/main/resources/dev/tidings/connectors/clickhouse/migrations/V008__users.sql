-- The user directory.

CREATE TABLE IF NOT EXISTS tidings.users
(
    user_id String COMMENT 'The user',
    display_name String COMMENT 'The name that others see; not unique',
    avatar_url String COMMENT 'http or https URL of the avatar; empty: none',
    locale LowCardinality(String) COMMENT 'BCP 47 tag such as zh-Hans; empty: unknown',
    time_zone LowCardinality(String) COMMENT 'IANA time zone such as Europe/Berlin; empty: unknown',
    custom String COMMENT 'Data of the application',
    created_at DateTime64(3, 'UTC') COMMENT 'Time of the first change in the log' CODEC(Delta, ZSTD(1)),
    updated_at DateTime64(3, 'UTC') COMMENT 'Time of this change in the log' CODEC(Delta, ZSTD(1)),
    disabled Bool COMMENT 'The sessions of the user are ended and rejected',
    version Int64 COMMENT 'Grows with every change of the user' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY user_id
COMMENT 'Profiles of the user directory. Read it with FINAL: the newest row for each user_id';

CREATE VIEW IF NOT EXISTS tidings.users_current
(
    user_id String COMMENT 'The user',
    display_name String COMMENT 'The name that others see; not unique',
    avatar_url String COMMENT 'http or https URL of the avatar; empty: none',
    locale String COMMENT 'BCP 47 tag such as zh-Hans; empty: unknown',
    time_zone String COMMENT 'IANA time zone such as Europe/Berlin; empty: unknown',
    custom String COMMENT 'Data of the application',
    created_at DateTime64(3, 'UTC') COMMENT 'Time of the first change in the log',
    updated_at DateTime64(3, 'UTC') COMMENT 'Time of the last change in the log',
    disabled Bool COMMENT 'The sessions of the user are ended and rejected',
    version Int64 COMMENT 'Grows with every change of the user'
)
AS SELECT
    user_id,
    display_name,
    avatar_url,
    locale,
    time_zone,
    custom,
    created_at,
    updated_at,
    disabled,
    version
FROM tidings.users FINAL
COMMENT 'The user directory now: one row for each user_id';
