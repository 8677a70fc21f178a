-- Purpose:  a session belongs to a sign-on from now on, has another interval, or another id. A sign-on that has ended
--           does not come back
-- KEYS:     1 the sign-on
-- ARGV:     1 see sign_on_prelude.lua
--           2 field of the session
--           3 its max-inactive interval in seconds
--           4 field of the session under its former id, or empty
-- Returns:  {'K'} or {'A'}: there is none
-- Slot:     {<id of the sign-on>}
if not stored then
  return {'A'}
end
if ARGV[4] ~= '' then
  redis.call('HDEL', SIGN_ON, ARGV[4])
end
redis.call('HSET', SIGN_ON, ARGV[2], ARGV[3])
count_sessions()
return {'K'}
