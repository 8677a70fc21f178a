-- Purpose:  gives a session another id of the same slot, and leaves a marker that leads to it
-- KEYS:     1 record, 2 due, 3 epoch, 4 moved (marker at the old id), 5 record of the new id, 6 marker at the new id,
--           7 lock of the old id, 8 lock of the new id
-- ARGV:     1 to 4 see prelude.lua
--           5 new id
--           6 channel to tell on that there is no lock at the old id any more
--           7 channel to tell on that nobody has a session of the old id any more
--           8 what leads from the new id to the old one, for who decrypts values that were written under it; or empty
-- Returns:  {'K', n}    renamed, now or by an earlier call; n is how long that is by now which leads to all earlier ids
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
    return {'K', '0'}
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
local chain = ''
if ARGV[8] ~= '' then
  chain = ARGV[8] .. (redis.call('HGET', RECORD, 'k') or '')
  redis.call('HSET', RECORD, 'k', chain)
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
leave_marker(KEYS[4], new_id, redis.call('PTTL', new_record))
redis.call('PUBLISH', ARGV[7], ID .. ' ' .. ARGV[4])
-- The session is here now: a marker that leads away would send late commits in a circle once it has ended.
redis.call('DEL', new_marker)
return {'K', tostring(#chain)}
