-- Purpose:  ends a sign-on; exactly one caller is told which sessions belonged to it
-- KEYS:     1 the sign-on, 2 epoch
-- ARGV:     1 and 2 see sign_on_prelude.lua
--           3 for how long a mark is left that it has ended, in ms; 0: only if a node had put it back, for then others may
--             still have copies of before
-- Returns:  {'K', field of a session, ...} or {'A'}: there is none
-- Slot:     {<id of the sign-on>}
local function mark(milliseconds)
  if milliseconds > 0 then
    redis.call('HSET', SIGN_ON, 'e', '1')
    redis.call('PEXPIRE', SIGN_ON, milliseconds)
  end
end

local keep = tonumber(ARGV[3])
if not stored then
  mark(keep)
  return {'A'}
end
local reply = {'K'}
local all = redis.call('HGETALL', SIGN_ON)
for i = 1, #all, 2 do
  if string.byte(all[i]) == 115 then
    reply[#reply + 1] = all[i]
  elseif all[i] == 'r' then
    local rest = redis.call('PTTL', SIGN_ON)
    keep = math.max(keep, rest > 0 and rest or 2 * WEEK)
  end
end
redis.call('UNLINK', SIGN_ON)
mark(keep)
return reply
