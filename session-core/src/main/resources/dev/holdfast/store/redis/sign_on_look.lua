-- Purpose:  looks a sign-on up, and uses it
-- KEYS:     1 the sign-on, 2 epoch
-- ARGV:     1 and 2 see sign_on_prelude.lua
-- Returns:  {'A'}                                                               there is none
--           {'E', epoch, interval, p, k, t, u, w, field of a session, its interval, ...}
--                                                  intervals in seconds, 0 or less: for ever; nil for what is not known;
--                                                  no sessions if they are more than 32
-- Slot:     {<id of the sign-on>}
if not stored then
  return {'A'}
end
use()
return told()
