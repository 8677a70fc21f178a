-- Purpose:  a session does not belong to a sign-on any more; the last one ends it
-- KEYS:     1 the sign-on, 2 epoch
-- ARGV:     1 and 2 see sign_on_prelude.lua
--           3 field of the session
-- Returns:  {'K'} others are left, or {'A'}: there is none, or none any more
-- Slot:     {<id of the sign-on>}
if not stored then
  return {'A'}
end
redis.call('HDEL', SIGN_ON, ARGV[3])
if count_sessions() then
  return {'K'}
end
return {'A'}
