-- Stores a user's badge, unless a newer one is stored.
-- KEYS[1]: hash with the fields 'version' and 'unread'. ARGV[1]: milliseconds until the key expires. ARGV[2]: version. ARGV[3]: unread.

local old = redis.call('HGET', KEYS[1], 'version')
if old and tonumber(old) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'unread', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
