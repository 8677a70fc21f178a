-- Purpose:  stores a new session
-- KEYS:     1 record, 2 due, 3 epoch, 4 record of the old session, if the id is taken over from one whose time is over,
--           5 lock, 6 mark of this very session, if it was buried
-- ARGV:     1 to 4 see prelude.lua
--           5 revision to start at
--           6 max-inactive interval in seconds; 0 or less: never expires
--           7 instant of the last access in ms
--           8 id under which the old session then waits for its end
--           9 owner of the lock that is wanted (16 bytes) and its lease in ms, or empty
--           10 token of the revision (4 bytes)
--           11 what leads to ids that the session had before, see rename.lua, or empty
--           12... pairs of 'a'..name and value, see set_attributes
-- Returns:  {'K', metadata, epoch}   stored, or the very same session was there already
--           {'X', metadata}          another session has this id; nothing was done
--           {'B'}                    this very session was buried; nothing was done
-- Slot:     {<application>:<partition>}
-- A record whose time is over does not keep its id from a new session: browsers keep a cookie, and containers take the
-- same id again for it. The old record steps aside, so that its listeners still hear of its end.
local function lock()
  if ARGV[9] ~= '' then
    local owner = string.sub(ARGV[9], 1, OWNER_LENGTH)
    redis.call('SET', KEYS[5], owner, 'PX', string.sub(ARGV[9], OWNER_LENGTH + 1))
  end
end

if is_same_session() then
  if redis.call('EXISTS', KEYS[5]) == 0 or is_owner(KEYS[5], string.sub(ARGV[9], 1, OWNER_LENGTH)) then
    lock()
  end
  return {'K', pack_metadata(), epoch}
end
if redis.call('EXISTS', KEYS[6]) == 1 then
  return {'B'}
end
if record then
  if not is_due() then
    return {'X', pack_metadata()}
  end
  if is_being_ended() then
    -- Who is ending it has read all of it.
    redis.call('UNLINK', RECORD)
  else
    redis.call('HSETNX', RECORD, 'o', ID)
    redis.call('RENAME', RECORD, KEYS[4])
    redis.call('ZADD', DUE, now, ARGV[8])
  end
end

-- The records of these are gone by their TTL. A few at a time, so that a long outage does not cost one user a second.
local stale = redis.call('ZRANGEBYSCORE', DUE, '-inf', '(' .. (now - MARGIN), 'LIMIT', 0, 100)
if #stale > 0 then
  redis.call('ZREM', DUE, unpack(stale))
end

record = {
  revision = tonumber(ARGV[5]),
  created = CREATED,
  accessed = tonumber(ARGV[7]),
  seen = now,
  idle = tonumber(ARGV[6]),
  token = ARGV[10]
}
redis.call('HSET', RECORD, 'm', pack_record())
if ARGV[11] ~= '' then
  redis.call('HSET', RECORD, 'k', ARGV[11])
end
set_attributes(12, #ARGV)
set_expiry()
lock()
return {'K', pack_metadata(), epoch}
