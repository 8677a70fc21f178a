-- Purpose:  begins a sign-on with its first session
-- KEYS:     1 the sign-on, 2 epoch
-- ARGV:     1 and 2 see sign_on_prelude.lua
--           3 field of the session
--           4 its max-inactive interval in seconds
--           5... pairs of field and value of the login
-- Returns:  {'K', epoch}
-- Slot:     {<id of the sign-on>}
if ended then
  begin_epoch()
  -- A call that comes late: nobody waits for the answer.
  return {'K', epoch}
end
redis.call('HSET', SIGN_ON, ARGV[3], ARGV[4])
for i = 5, #ARGV, 2 do
  redis.call('HSET', SIGN_ON, ARGV[i], ARGV[i + 1])
end
count_sessions()
return {'K', epoch}
