-- Purpose:  keeps a session from ending while a long request uses it
-- KEYS:     1 record, 2 due, 3 epoch
-- ARGV:     1 to 4 see prelude.lua
-- Returns:  {'K'}   it is kept
--           {'A'}   there is no such session, or its end has begun
-- Slot:     {<application>:<partition>}
-- A session whose time was over for a moment, but that nobody has begun to end, goes on: a request is using it.
if not is_same_session() or is_being_ended() then
  return {'A'}
end
record.seen = now
if ending ~= '' then
  redis.call('HDEL', RECORD, 'e')
end
redis.call('HSET', RECORD, 'm', pack_record())
set_expiry()
return {'K'}
