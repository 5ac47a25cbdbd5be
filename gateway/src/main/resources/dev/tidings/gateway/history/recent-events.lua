-- The newest events of a range, the newest first; stops with the event by which a number of bytes is reached.
-- KEYS[1]: sorted set of recent events. ARGV: first seq, last seq, bytes.

local PORTION = 20

local from, to, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local answer, bytes = {}, 0
while true do
    local portion = redis.call('ZREVRANGEBYSCORE', KEYS[1], to, from, 'LIMIT', #answer, PORTION)
    for _, event in ipairs(portion) do
        answer[#answer + 1] = event
        bytes = bytes + #event
        if bytes >= most then return answer end
    end
    if #portion < PORTION then return answer end
end
