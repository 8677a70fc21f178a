-- Purpose:  replaces the login of a sign-on
-- KEYS:     1 the sign-on, 2 epoch
-- ARGV:     1 and 2 see sign_on_prelude.lua
--           3... pairs of field and value of the login
-- Returns:  {'K'} or {'A'}: there is none
-- Slot:     {<id of the sign-on>}
if not stored then
  return {'A'}
end
redis.call('HDEL', SIGN_ON, unpack(LOGIN))
for i = 3, #ARGV, 2 do
  redis.call('HSET', SIGN_ON, ARGV[i], ARGV[i + 1])
end
use()
return {'K'}
