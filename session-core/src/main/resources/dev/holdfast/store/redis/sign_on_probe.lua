-- Purpose:  finds out whether this server accepts what is written. A replica, a full memory, a broken persistence or
--           missing permissions show themselves by an error
-- KEYS:     1 a sign-on of nobody
-- ARGV:     1 see sign_on_prelude.lua
-- Returns:  {'K'}   it does; nothing is left
-- Slot:     {<id of the sign-on>}
redis.call('HSET', SIGN_ON, 't', '')
redis.call('DEL', SIGN_ON)
return {'K'}
