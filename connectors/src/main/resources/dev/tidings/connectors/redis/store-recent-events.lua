-- Puts events among the recent ones of their conversation, and those that change a message among the changes, too.
-- KEYS[1]: sorted set of recent events. KEYS[2]: sorted set of changes.
-- ARGV[1]: milliseconds until the keys expire. ARGV[2]: how many events to keep. ARGV[3]: member that marks the changes.
-- Then, for each event: its seq, the seq of the message that it changes (0: none), the event.
-- The changes are always exactly those of the recent events that are changes. Redis may still lose one of the two keys
-- alone (by eviction); then what is left of the other would say something wrong, and goes.

local ttl, keep, mark = ARGV[1], tonumber(ARGV[2]), ARGV[3]

-- Both are asked before anything is written: a key of another type fails here, and all is as it was.
local events = redis.call('ZCARD', KEYS[1])
local marked = redis.call('ZSCORE', KEYS[2], mark)
if events > 0 and not marked then redis.call('DEL', KEYS[1]) end
if events == 0 or not marked then
    -- Not without need: a full Redis refuses a script only before its first write, and lets DEL pass.
    if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('DEL', KEYS[2]) end
    redis.call('ZADD', KEYS[2], 0, mark)
end

for i = 4, #ARGV, 3 do
    redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 2])
    if ARGV[i + 1] ~= '0' then redis.call('ZADD', KEYS[2], ARGV[i + 1], ARGV[i + 2]) end
end

local excess = redis.call('ZCARD', KEYS[1]) - keep
if excess > 0 then
    for _, event in ipairs(redis.call('ZRANGE', KEYS[1], 0, excess - 1)) do
        redis.call('ZREM', KEYS[2], event)
    end
    redis.call('ZREMRANGEBYRANK', KEYS[1], 0, excess - 1)
end
-- Time stands still within a script, so both expire in the same moment.
redis.call('PEXPIRE', KEYS[1], ttl)
redis.call('PEXPIRE', KEYS[2], ttl)
return excess
