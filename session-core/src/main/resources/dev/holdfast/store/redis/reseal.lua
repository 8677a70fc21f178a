-- Purpose:  puts values that were encrypted anew, under the present id, in the place of those that need the ids of before
-- KEYS:     1 record, 2 due, 3 epoch
-- ARGV:     1 to 4 see prelude.lua
--           5 revision that was encrypted anew
--           6 its token (4 bytes)
--           7 what still leads to ids of before, for values that did not open; empty: nothing needs them any more
--           8... pairs of 'a'..name and value
-- Returns:  {'K'}   done, now or by an earlier call
--           {'B'}   the record was written meanwhile, or has ended; nothing was done
-- Slot:     {<application>:<partition>}
-- It changes nothing that anybody could see: neither revision nor instants.
if not is_same_session() or is_being_ended() or record.revision ~= tonumber(ARGV[5]) or record.token ~= ARGV[6] then
  return {'B'}
end
for i = 8, #ARGV, 2 do
  local stored = redis.call('HGET', RECORD, ARGV[i])
  if stored then
    redis.call('HSET', RECORD, ARGV[i], string.sub(stored, 1, 6) .. ARGV[i + 1])
  end
end
if ARGV[7] == '' then
  redis.call('HDEL', RECORD, 'k')
else
  redis.call('HSET', RECORD, 'k', ARGV[7])
end
return {'K'}
