-- Purpose:  ends a session; exactly one caller is told that it did
-- KEYS:     1 record, 2 due, 3 epoch, 4 moved (the marker of a rename), 5 lock, 6 mark of the ended session, if it is to
--           be buried, see create.lua
-- ARGV:     1 to 4 see prelude.lua
--           5 channel to tell on that the lock has ended
--           6 channel to tell on that nobody has this session any more
-- Returns:  {'K'}       it was there and is gone
--           {'A', epoch}   there was none, or another session has this id
--           {'M', id}   the session has another id now
-- Slot:     {<application>:<partition>}
-- Whatever is here now: a node that knew the session may be about to put its copy back.
local BURIED_TTL = 600000
if KEYS[6] then
  redis.call('SET', KEYS[6], '1', 'PX', BURIED_TTL)
end
if not is_same_session() or is_being_ended() then
  local successor = redis.call('GET', KEYS[4])
  if successor then
    return {'M', successor}
  end
  return {'A', checked_epoch()}
end
redis.call('UNLINK', RECORD)
redis.call('ZREM', DUE, ID)
free(KEYS[5], ARGV[5])
redis.call('PUBLISH', ARGV[6], ID .. ' ' .. ARGV[4])
return {'K'}
