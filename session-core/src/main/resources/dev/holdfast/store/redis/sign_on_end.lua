-- Purpose:  ends a sign-on; exactly one caller is told which sessions belonged to it
-- KEYS:     1 the sign-on
-- ARGV:     1 see sign_on_prelude.lua
-- Returns:  {'K', field of a session, ...} or {'A'}: there is none
-- Slot:     {<id of the sign-on>}
if not stored then
  return {'A'}
end
local reply = {'K'}
local all = redis.call('HGETALL', SIGN_ON)
for i = 1, #all, 2 do
  if string.byte(all[i]) == 115 then
    reply[#reply + 1] = all[i]
  end
end
redis.call('UNLINK', SIGN_ON)
return reply
