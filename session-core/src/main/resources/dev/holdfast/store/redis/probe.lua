-- Purpose:  finds out whether this server accepts what is written. A replica, a full memory, a broken persistence or
--           missing permissions show themselves by an error
-- KEYS:     1 record of nobody, 2 due, 3 epoch
-- ARGV:     1 to 4 see prelude.lua
-- Returns:  {'K', time in ms (6 bytes)}   it does; nothing is left
-- Slot:     {<application>:<partition>}
redis.call('HSET', RECORD, 'p', '')
redis.call('DEL', RECORD)
return {'K', struct.pack('>I6', now)}
