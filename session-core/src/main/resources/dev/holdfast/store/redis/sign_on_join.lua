-- Purpose:  a session belongs to a sign-on from now on, has another interval, or another id. A sign-on that has ended
--           does not come back
-- KEYS:     1 the sign-on, 2 epoch
-- ARGV:     1 and 2 see sign_on_prelude.lua
--           3 field of the session
--           4 its max-inactive interval in seconds
--           5 field of the session under its former id, or empty
-- Returns:  {'K'} or {'A'}: there is none
-- Slot:     {<id of the sign-on>}
if not stored then
  return {'A'}
end
if ARGV[5] ~= '' then
  redis.call('HDEL', SIGN_ON, ARGV[5])
end
redis.call('HSET', SIGN_ON, ARGV[3], ARGV[4])
count_sessions()
return {'K'}
