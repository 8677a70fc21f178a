-- Purpose:  gives a lock back when there is nothing to write
-- KEYS:     1 record, 2 due, 3 epoch, 4 moved (the marker of a rename), 5 lock
-- ARGV:     1 to 4 see prelude.lua
--           5 owner (16 bytes)
--           6 channel to tell on
-- Returns:  {'K'}       it was the owner's, and is free
--           {'A'}       it is not the owner's
--           {'M', id}   the session has another id now, and the lock with it
-- Slot:     {<application>:<partition>}
if is_owner(KEYS[5], ARGV[5]) then
  free(KEYS[5], ARGV[6])
  return {'K'}
end
local successor = not is_same_session() and redis.call('GET', KEYS[4])
if successor then
  return {'M', successor}
end
return {'A'}
