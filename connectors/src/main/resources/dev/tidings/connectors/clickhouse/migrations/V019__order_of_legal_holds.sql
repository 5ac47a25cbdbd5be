-- The clock of an operator can be behind, so the position in the log says which change of a hold is the last one (decision 71).

ALTER TABLE tidings.legal_holds ADD COLUMN IF NOT EXISTS log_position Int64 COMMENT 'Offset of the change in tidings.legal-holds plus 1; 0: stored before this column existed', MODIFY ORDER BY (subject, log_position);

ALTER TABLE tidings.legal_holds MODIFY COMMENT 'Changes of legal holds. The last one of each subject applies, which has the greatest log_position: the retention deletes no row of held users and conversations. Read it with FINAL';
