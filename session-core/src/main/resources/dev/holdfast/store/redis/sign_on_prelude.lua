-- Purpose:  what the scripts of single sign-on share. It is put in front of each of them before they are sent.
-- KEYS:     1 the sign-on (hash)
-- ARGV:     1 margin in ms: how long a sign-on outlives the time of its sessions
-- Returns:  {'V', m} if it was written in a layout that this release does not know; nothing is done then
-- Slot:     {<id of the sign-on>}: all of a sign-on is one key
--
-- Fields:   m   layout version (1 byte), longest max-inactive interval of its sessions in seconds (4, signed; 0 or less:
--               one of them never ends)
--           p   encoded principal, or k: what names it on the one node that knows it
--           t   authentication type; u user name; w password. Each of these is there only if it is known
--           s<session id> <application>   a session that belongs to it: its max-inactive interval in seconds
local SIGN_ON, MARGIN = KEYS[1], tonumber(ARGV[1])
local LAYOUT = '>I1i4'
local LAYOUT_VERSION, LAYOUT_LENGTH = 1, 5
local LOGIN = {'p', 'k', 't', 'u', 'w'}

local stored = redis.call('HGET', SIGN_ON, 'm')
if stored and (#stored ~= LAYOUT_LENGTH or string.byte(stored) ~= LAYOUT_VERSION) then
  return {'V', stored}
end
local interval = 0
if stored then
  interval = select(2, struct.unpack(LAYOUT, stored))
end

-- The sign-on lives on for the longest interval of its sessions.
local function set_expiry()
  if interval <= 0 then
    redis.call('PERSIST', SIGN_ON)
  else
    redis.call('PEXPIRE', SIGN_ON, interval * 1000 + MARGIN)
  end
end

-- The sign-on is used. A tenth of the margin may be lost, so that most requests write nothing.
local function use()
  if interval <= 0 or redis.call('PTTL', SIGN_ON) < interval * 1000 + MARGIN * 9 / 10 then
    set_expiry()
  end
end

-- Sessions have come, gone or changed. Without any, there is no sign-on.
local function count_sessions()
  local all = redis.call('HGETALL', SIGN_ON)
  local sessions, endless = 0, false
  interval = 0
  for i = 1, #all, 2 do
    if string.byte(all[i]) == 115 then
      local one = tonumber(all[i + 1])
      sessions = sessions + 1
      endless = endless or one <= 0
      interval = math.max(interval, one)
    end
  end
  if sessions == 0 then
    redis.call('UNLINK', SIGN_ON)
    return false
  end
  if endless then
    interval = 0
  end
  redis.call('HSET', SIGN_ON, 'm', struct.pack(LAYOUT, LAYOUT_VERSION, interval))
  set_expiry()
  return true
end
