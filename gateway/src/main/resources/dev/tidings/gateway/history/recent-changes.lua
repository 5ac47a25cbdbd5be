-- How messages were changed, as far as recent events say, in one look: the first and the last seq between which no change
-- is missing (0 and 0: none), then the changes.
-- KEYS[1]: sorted set of recent events. KEYS[2]: sorted set of changes.
-- ARGV[1]: member that marks the changes. Then the seqs of the messages.
-- No change is missing where the changes were never lost (they are marked), from the first event after which none is
-- missing up to the newest.

local answer = {0, 0}
local newest = tonumber(redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2])
if newest and redis.call('ZSCORE', KEYS[2], ARGV[1]) then
    -- from `high` on none is missing; before `low` there is nothing, or one is
    local low = tonumber(redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2])
    local high = newest
    while low < high do
        local middle = math.floor((low + high) / 2)
        if redis.call('ZCOUNT', KEYS[1], middle, '+inf') == newest - middle + 1 then
            high = middle
        else
            low = middle + 1
        end
    end
    answer = {high, newest}
end

if redis.call('ZCARD', KEYS[2]) > 1 then
    for i = 2, #ARGV do
        for _, change in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[i], ARGV[i])) do
            answer[#answer + 1] = change
        end
    end
end
return answer
