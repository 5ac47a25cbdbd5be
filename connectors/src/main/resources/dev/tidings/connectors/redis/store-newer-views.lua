-- Stores views in a user's hash, but none over a newer one.
-- KEYS[1]: the hash of views. KEYS[2]: the hash of deleted events, which does not expire.
-- ARGV[1]: milliseconds until the views expire. Then, for each view: field, version, value, deleted events (empty: none).
-- The stored version is read out of the stored ConversationView itself (field 7, a varint), so that the hash holds
-- nothing but views. What cannot be read counts as version 0.

local VERSION_FIELD = 7

local function version_of(bytes)
    local at = 1
    local function varint()
        local value, unit = 0, 1
        while true do
            local byte = string.byte(bytes, at)
            if not byte then return nil end
            at = at + 1
            value = value + (byte % 128) * unit
            if byte < 128 then return value end
            unit = unit * 128
        end
    end
    while at <= #bytes do
        local tag = varint()
        if not tag then return 0 end
        local field, wire = math.floor(tag / 8), tag % 8
        if wire == 0 then
            local value = varint()
            if field == VERSION_FIELD then return value or 0 end
        elseif wire == 1 then
            at = at + 8
        elseif wire == 2 then
            local length = varint()
            if not length then return 0 end
            at = at + length
        elseif wire == 5 then
            at = at + 4
        else
            return 0
        end
    end
    return 0
end

-- Fails before anything is written if a key has another type.
redis.call('HLEN', KEYS[1])
redis.call('HLEN', KEYS[2])

local stored = 0
for i = 2, #ARGV, 4 do
    local old = redis.call('HGET', KEYS[1], ARGV[i])
    if not old or version_of(old) <= tonumber(ARGV[i + 1]) then
        redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])
        if ARGV[i + 3] ~= '' then
            redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 3])
        else
            redis.call('HDEL', KEYS[2], ARGV[i])
        end
        stored = stored + 1
    end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return stored
