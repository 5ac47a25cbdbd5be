-- Legal holds stop the retention, which deletes only recorded events, and objects of the archive can be replaced (decision 71).

CREATE TABLE IF NOT EXISTS tidings.legal_holds
(
    subject String COMMENT 'user:<id> or conversation:<id>',
    held Bool COMMENT 'The hold applies; false: it is removed',
    changed_at DateTime64(3, 'UTC') COMMENT 'Time at which it was set or removed',
    operator String COMMENT 'The operator who set it; empty: it is removed',
    reason String COMMENT 'Reason; empty: it is removed'
)
ENGINE = ReplacingMergeTree(changed_at)
ORDER BY subject
COMMENT 'Legal holds: the retention deletes no row of these users and conversations. Read it with FINAL: one row for each subject';

CREATE TABLE IF NOT EXISTS tidings.retention_runs
(
    name LowCardinality(String) COMMENT 'deleted_ranges',
    at DateTime64(3, 'UTC') COMMENT 'Time until which all earlier ends of retentions are recorded, 12 hours ahead'
)
ENGINE = ReplacingMergeTree(at)
ORDER BY name
COMMENT 'The last run of the retention. ClickHouse deletes events only within 12 hours after it';

ALTER TABLE tidings.archive_objects ADD COLUMN IF NOT EXISTS pending Bool COMMENT 'The next run replaces the object by an empty one' AFTER deleted;
ALTER TABLE tidings.archive_objects COMMENT COLUMN deleted 'The object is not part of the archive: its retention has ended, it is replaced, or its run was interrupted';
ALTER TABLE tidings.archive_objects COMMENT COLUMN generation 'Number of the object; if several objects have an event, the one with the greatest number counts';
