-- Purpose:  leases sessions whose time is over to one node
-- KEYS:     1 (not used), 2 due, 3 epoch
-- ARGV:     1 to 4 see prelude.lua; 3 and 4 are not used
--           5 the most sessions to lease
--           6 lease in ms
-- Returns:  {'K', epoch, id, ...}   the leased sessions, the longest overdue first
-- Slot:     {<application>:<partition>}
-- The lease is the entry itself: it moves to the end of the lease, and is found again by whoever looks then.
local reply = {'K', checked_epoch()}
local due = redis.call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, tonumber(ARGV[5]))
if #due == 0 then
  return reply
end
local until_then = now + tonumber(ARGV[6])
for _, id in ipairs(due) do
  redis.call('ZADD', DUE, 'XX', until_then, id)
  reply[#reply + 1] = id
end
return reply
