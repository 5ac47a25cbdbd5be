-- The events of a range, from its newest or its oldest on; stops with the event by which a number of bytes is reached.
-- KEYS[1]: sorted set of recent events. ARGV: first seq, last seq, bytes, 'newest' or 'oldest'.

local PORTION = 20

local most = tonumber(ARGV[3])
local read, first, last = 'ZREVRANGEBYSCORE', ARGV[2], ARGV[1]
if ARGV[4] == 'oldest' then read, first, last = 'ZRANGEBYSCORE', ARGV[1], ARGV[2] end
local answer, bytes = {}, 0
while true do
    local portion = redis.call(read, KEYS[1], first, last, 'LIMIT', #answer, PORTION)
    for _, event in ipairs(portion) do
        answer[#answer + 1] = event
        bytes = bytes + #event
        if bytes >= most then return answer end
    end
    if #portion < PORTION then return answer end
end
