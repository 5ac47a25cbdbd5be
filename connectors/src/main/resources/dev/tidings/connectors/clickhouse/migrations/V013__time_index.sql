-- The events of a conversation by time. The primary key sorts a conversation by seq, and time grows with seq: the least and the
-- greatest time of each block show which blocks a span of time needs. Older parts get the index when they are merged.

ALTER TABLE tidings.events ADD INDEX IF NOT EXISTS sent_at_index sent_at TYPE minmax GRANULARITY 1;
