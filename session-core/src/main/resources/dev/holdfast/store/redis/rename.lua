-- Purpose:  gives a session another id of the same slot, and leaves a marker for a minute that leads to it
-- KEYS:     1 record, 2 due, 3 epoch, 4 moved (marker at the old id), 5 record of the new id, 6 marker at the new id,
--           7 lock of the old id, 8 lock of the new id
-- ARGV:     1 to 4 see prelude.lua
--           5 new id
--           6 channel to tell on that there is no lock at the old id any more
--           7 channel to tell on that nobody has a session of the old id any more
-- Returns:  {'K'}       renamed, now or by an earlier call
--           {'G'}       the session has ended
--           {'T'}       the new id is taken
--           {'M', id}   the session has got another id already
-- Slot:     {<application>:<partition>}
-- Markers that lead to the old id stay: who follows them goes on from marker to marker.
local new_id = ARGV[5]
local new_record, new_marker = KEYS[5], KEYS[6]
if not is_same_session() or is_being_ended() then
  local successor = redis.call('GET', KEYS[4])
  if successor and successor ~= new_id then
    return {'M', successor}
  end
  if not successor then
    return {'G'}
  end
  local renamed = redis.call('HGET', new_record, 'm')
  if renamed and select(3, struct.unpack(LAYOUT, renamed)) == CREATED then
    return {'K'}
  end
  successor = redis.call('GET', new_marker)
  if successor then
    return {'M', successor}
  end
  return {'G'}
end
if redis.call('EXISTS', new_record) == 1 then
  return {'T'}
end
redis.call('RENAME', RECORD, new_record)
local due = redis.call('ZSCORE', DUE, ID)
if due then
  redis.call('ZADD', DUE, due, new_id)
  redis.call('ZREM', DUE, ID)
end
local holder = redis.call('GET', KEYS[7])
if holder then
  redis.call('RENAME', KEYS[7], KEYS[8])
  if #holder > OWNER_LENGTH then
    redis.call('PUBLISH', ARGV[6], ID)
  end
end
redis.call('SET', KEYS[4], new_id, 'PX', MOVED_TTL)
redis.call('PUBLISH', ARGV[7], ID .. ' ' .. ARGV[4])
-- The session is here now: a marker that leads away would send late commits in a circle once it has ended.
redis.call('DEL', new_marker)
return {'K'}
