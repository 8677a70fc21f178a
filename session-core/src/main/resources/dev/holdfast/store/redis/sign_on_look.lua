-- Purpose:  looks a sign-on up, and uses it
-- KEYS:     1 the sign-on
-- ARGV:     1 see sign_on_prelude.lua
-- Returns:  {'A'}                            there is none
--           {'E', interval, p, k, t, u, w}   interval in seconds, 0 or less: for ever; nil for what is not known
-- Slot:     {<id of the sign-on>}
if not stored then
  return {'A'}
end
use()
local reply = {'E', tostring(interval)}
for _, value in ipairs(redis.call('HMGET', SIGN_ON, unpack(LOGIN))) do
  reply[#reply + 1] = value
end
return reply
