-- Purpose:  begins the lease of a lock anew. One that Redis has lost, or whose lease has run out, is taken again if nobody
--           has it now and nobody has written since: neither who had it in between nor anybody else
-- KEYS:     1 record, 2 due, 3 epoch, 4 moved (the marker of a rename), 5 lock
-- ARGV:     1 to 4 see prelude.lua
--           5 owner (16 bytes)
--           6 lease in ms
--           7 revision that the owner has seen or written last
--           8 epoch in which the owner knows the session, or empty
-- Returns:  {'K'}       renewed, or taken again
--           {'A'}       it is not the owner's
--           {'M', id}   the session has another id now, and the lock with it
-- Slot:     {<application>:<partition>}
if is_owner(KEYS[5], ARGV[5]) then
  redis.call('PEXPIRE', KEYS[5], ARGV[6])
  return {'K'}
end
local successor = not is_same_session() and redis.call('GET', KEYS[4])
if successor then
  return {'M', successor}
end
if redis.call('EXISTS', KEYS[5]) == 0 then
  local unwritten = is_same_session() and record.revision <= tonumber(ARGV[7]) and not is_due() and not is_being_ended()
  -- Under another epoch it was not ended: a copy is about to bring it back.
  local lost = not record and ARGV[8] ~= '' and ARGV[8] ~= checked_epoch()
  if unwritten or lost then
    redis.call('SET', KEYS[5], ARGV[5], 'PX', ARGV[6])
    return {'K'}
  end
end
return {'A'}
