-- How messages were changed, as far as recent events say, in one look: 1 (these are all changes after a certain event)
-- or 0, then the changes.
-- KEYS[1]: sorted set of recent events. KEYS[2]: sorted set of changes.
-- ARGV[1]: seq of that event. ARGV[2]: member that marks the changes. Then the seqs of the messages.
-- They are all, if the changes were never lost, and no event from that one to the newest is missing.

local since = tonumber(ARGV[1])
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
local marked = redis.call('ZSCORE', KEYS[2], ARGV[2])
local all = newest and marked and redis.call('ZCOUNT', KEYS[1], since, '+inf') == tonumber(newest) - since + 1

local answer = {all and 1 or 0}
if redis.call('ZCARD', KEYS[2]) > 1 then
    for i = 3, #ARGV do
        for _, change in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[i], ARGV[i])) do
            answer[#answer + 1] = change
        end
    end
end
return answer
