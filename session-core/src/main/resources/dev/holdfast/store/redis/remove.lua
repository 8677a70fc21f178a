-- Purpose:  ends a session; exactly one caller is told that it did
-- KEYS:     1 record, 2 due, 3 epoch, 4 moved (the marker of a rename), 5 lock
-- ARGV:     1 to 4 see prelude.lua
--           5 channel to tell on that the lock has ended
-- Returns:  {'K'}       it was there and is gone
--           {'A'}       there was none, or another session has this id
--           {'M', id}   the session has another id now
-- Slot:     {<application>:<partition>}
if not is_same_session() or is_being_ended() then
  local successor = redis.call('GET', KEYS[4])
  if successor then
    return {'M', successor}
  end
  return {'A'}
end
redis.call('UNLINK', RECORD)
redis.call('ZREM', DUE, ID)
free(KEYS[5], ARGV[5])
return {'K'}
