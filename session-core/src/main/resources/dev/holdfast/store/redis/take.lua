-- Purpose:  begins the end of one session that was claimed, and returns all of it for the listeners
-- KEYS:     1 record, 2 due, 3 epoch
-- ARGV:     1 to 4 see prelude.lua; 4 is not used
--           5 token of the caller (16 hexadecimal digits)
--           6 lease in ms
-- Returns:  {'E', metadata, id that the client knew, k, 'a'..name, value, ...}   the caller ends it
--                   values begin with the instant when they were written (6 bytes)
--           {'N'}   nothing to do: gone, not due any more, or being ended by another node
-- Slot:     {<application>:<partition>}
if not record then
  redis.call('ZREM', DUE, ID)
  return {'N'}
end
if not is_due() then
  set_expiry()
  return {'N'}
end
if is_being_ended() and string.sub(ending, 1, 16) ~= ARGV[5] then
  return {'N'}
end
local until_then = now + tonumber(ARGV[6])
redis.call('HSET', RECORD, 'e', ARGV[5] .. struct.pack('>I6', until_then))
redis.call('ZADD', DUE, until_then, ID)
-- Listeners must be able to read to the end of the lease.
if redis.call('PTTL', RECORD) < 2 * tonumber(ARGV[6]) then
  redis.call('PEXPIRE', RECORD, 2 * tonumber(ARGV[6]))
end
if redis.call('PTTL', DUE) < 2 * tonumber(ARGV[6]) then
  redis.call('PEXPIRE', DUE, 2 * tonumber(ARGV[6]))
end
return everything({'E', pack_metadata(), redis.call('HGET', RECORD, 'o') or ID})
