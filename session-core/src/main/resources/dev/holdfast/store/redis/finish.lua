-- Purpose:  completes the end of a session that was taken
-- KEYS:     1 record, 2 due, 3 epoch, 4 lock
-- ARGV:     1 to 4 see prelude.lua; 4 is not used
--           5 token of the caller (16 hexadecimal digits)
-- Returns:  {'K'}   record and index entry are gone
--           {'A'}   the lease ran out and another node has taken it, or it is gone
-- Slot:     {<application>:<partition>}
if not record or string.sub(ending, 1, 16) ~= ARGV[5] then
  return {'A'}
end
redis.call('UNLINK', RECORD, KEYS[4])
redis.call('ZREM', DUE, ID)
return {'K'}
