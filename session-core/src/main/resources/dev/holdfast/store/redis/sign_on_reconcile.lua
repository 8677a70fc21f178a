-- Purpose:  brings what a node has done to a sign-on while Redis was away, and puts it back if Redis has lost it. Who has
--           logged out stays logged out: a sign-on that is absent in the epoch in which the node knew it has ended
-- KEYS:     1 the sign-on, 2 epoch
-- ARGV:     1 and 2 see sign_on_prelude.lua
--           3 the epoch in which the node knew it, or empty: it has begun there, and Redis has not heard of it
--           4 for how long nobody has used it on the node, in ms
--           5 '1' if the node has replaced the login, or empty
--           6 number of sessions that have come or changed, 7 of sessions that have left, 8 of all that the node knows
--           9... of the first and the last kind pairs of field and interval, in this order; of the second kind fields;
--             then pairs of field and value of the login, if the node knows it
-- Returns:  {'A'}: it has ended, or as sign_on_look
-- Slot:     {<id of the sign-on>}
local known, idle = ARGV[3], tonumber(ARGV[4])
local joined = 9
local left = joined + 2 * tonumber(ARGV[6])
local all = left + tonumber(ARGV[7])
local login = all + 2 * tonumber(ARGV[8])
local lost = not stored

if ended or (lost and (known == epoch or login > #ARGV)) then
  return {'A'}
end
local before = redis.call('PTTL', SIGN_ON)

-- What another node has put back may lack what this one knows.
if lost or (known ~= '' and known ~= epoch) then
  for i = all, login - 1, 2 do
    redis.call('HSETNX', SIGN_ON, ARGV[i], ARGV[i + 1])
  end
end
if lost and known ~= '' then
  redis.call('HSET', SIGN_ON, 'r', '1')
end
for i = joined, left - 1, 2 do
  redis.call('HSET', SIGN_ON, ARGV[i], ARGV[i + 1])
end
for i = left, all - 1 do
  redis.call('HDEL', SIGN_ON, ARGV[i])
end
if lost or ARGV[5] ~= '' then
  redis.call('HDEL', SIGN_ON, unpack(LOGIN))
  for i = login, #ARGV, 2 do
    redis.call('HSET', SIGN_ON, ARGV[i], ARGV[i + 1])
  end
end
if not count_sessions() then
  return {'A'}
end
if interval > 0 then
  redis.call('PEXPIRE', SIGN_ON, math.max(before, MARGIN, interval * 1000 + MARGIN - idle))
end
return told()
