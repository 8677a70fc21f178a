-- Purpose:  ends the old copy of a session that was copied to an id of another slot, and leaves the marker of a rename
-- KEYS:     1 record, 2 due, 3 epoch, 4 moved (marker at the old id), 5 lock
-- ARGV:     1 to 4 see prelude.lua
--           5 revision that was copied
--           6 id that carries the session now
--           7 channel to tell on that the lock has ended
--           8 channel to tell on that nobody has a session of the old id any more
-- Returns:  {'K'}   the old copy is gone, now or by an earlier call
--           {'B'}   the record was written after it was copied; nothing was done
--           {'A'}   there was no such session
-- Slot:     {<application>:<partition>}
if not is_same_session() or is_being_ended() then
  if redis.call('GET', KEYS[4]) == ARGV[6] then
    return {'K'}
  end
  return {'A'}
end
if record.revision > tonumber(ARGV[5]) then
  return {'B'}
end
leave_marker(KEYS[4], ARGV[6], redis.call('PTTL', RECORD))
redis.call('UNLINK', RECORD)
redis.call('ZREM', DUE, ID)
free(KEYS[5], ARGV[7])
redis.call('PUBLISH', ARGV[8], ID .. ' ' .. ARGV[4])
return {'K'}
