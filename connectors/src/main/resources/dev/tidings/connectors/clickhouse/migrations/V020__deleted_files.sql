-- ClickHouse looks for files of replaced parts every 30 s, and only every 300 s in a table without writes. An erasure waits for it.
ALTER TABLE tidings.events MODIFY SETTING cleanup_delay_period = 5, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 15;
ALTER TABLE tidings.messages MODIFY SETTING cleanup_delay_period = 5, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 15;
ALTER TABLE tidings.message_changes MODIFY SETTING cleanup_delay_period = 5, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 15;
ALTER TABLE tidings.moderation_cases MODIFY SETTING cleanup_delay_period = 5, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 15;
ALTER TABLE tidings.users MODIFY SETTING cleanup_delay_period = 5, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 15;
ALTER TABLE tidings.user_name_keys MODIFY SETTING cleanup_delay_period = 5, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 15;
ALTER TABLE tidings.audit MODIFY SETTING cleanup_delay_period = 5, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 15;
