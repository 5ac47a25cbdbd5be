-- Stores a user's profile, unless the stored one is as new or newer. The key does not expire.
-- KEYS[1]: hash with the fields version and profile. ARGV[1]: version. ARGV[2]: the serialized profile.

local stored = redis.call('HGET', KEYS[1], 'version')
if stored and tonumber(stored) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'profile', ARGV[2])
return 1
