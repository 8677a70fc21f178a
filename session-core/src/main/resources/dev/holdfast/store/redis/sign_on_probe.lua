-- Purpose:  finds out whether this server accepts what is written. A replica, a full memory, a broken persistence or
--           missing permissions show themselves by an error
-- KEYS:     1 a sign-on of nobody
-- ARGV:     none that matters
-- Returns:  {'K'}   it does; nothing is left
-- Slot:     {<id of the sign-on>}
redis.call('HSET', KEYS[1], 't', '')
redis.call('DEL', KEYS[1])
return {'K'}
