-- Purpose:  begins a sign-on with its first session
-- KEYS:     1 the sign-on
-- ARGV:     1 see sign_on_prelude.lua
--           2 field of the session
--           3 its max-inactive interval in seconds
--           4... pairs of field and value of the login
-- Returns:  {'K'}
-- Slot:     {<id of the sign-on>}
redis.call('HSET', SIGN_ON, ARGV[2], ARGV[3])
for i = 4, #ARGV, 2 do
  redis.call('HSET', SIGN_ON, ARGV[i], ARGV[i + 1])
end
count_sessions()
return {'K'}
