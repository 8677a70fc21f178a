-- Purpose:  what the scripts of single sign-on share. It is put in front of each of them before they are sent.
-- KEYS:     1 the sign-on (hash), 2 epoch (string): in a cluster one for each slot, otherwise one for all sign-ons
-- ARGV:     1 margin in ms: how long a sign-on outlives the time of its sessions
--           2 epoch to begin with if there is none: random
-- Returns:  {'V', m} if it was written in a layout that this release does not know; nothing is done then
-- Slot:     {<id of the sign-on>}: all of a sign-on is one key, and the epoch is in the same slot
--
-- Fields:   m   layout version (1 byte), longest max-inactive interval of its sessions in seconds (4, signed; 0 or less:
--               one of them never ends)
--           p   encoded principal, or k: what names it on the one node that knows it
--           t   authentication type; u user name; w password. Each of these is there only if it is known
--           s<session id> <application>   a session that belongs to it: its max-inactive interval in seconds
--           r   Redis had lost it, and a node has put it back
--           e   it has ended, and nothing but this is left, for a while: calls that are still under way, and copies of
--               other nodes, must not bring it back
local SIGN_ON, EPOCH, MARGIN = KEYS[1], KEYS[2], tonumber(ARGV[1])
local LAYOUT = '>I1i4'
local LAYOUT_VERSION, LAYOUT_LENGTH = 1, 5
local LOGIN = {'p', 'k', 't', 'u', 'w'}

local WEEK = 604800000
local YEAR = 31536000000
-- Of a sign-on with more sessions than that, as of a client that forgets the cookies of its sessions, they are not told.
local MOST_TOLD = 32

local epoch = redis.call('GET', EPOCH)

local present = redis.call('HMGET', SIGN_ON, 'm', 'e')
local stored, ended = present[1], present[2]
if stored and (#stored ~= LAYOUT_LENGTH or string.byte(stored) ~= LAYOUT_VERSION) then
  return {'V', stored}
end
local interval = 0
if stored then
  interval = select(2, struct.unpack(LAYOUT, stored))
end

-- The epoch begins with the first sign-on. It is false before.
local function begin_epoch()
  if not epoch then
    epoch = ARGV[2]
    redis.call('SET', EPOCH, epoch, 'PX', 2 * WEEK)
  end
end

-- The epoch outlives whatever nodes remember of sign-ons. It is seldom written.
local function keep_epoch(need)
  begin_epoch()
  if redis.call('PTTL', EPOCH) < need then
    redis.call('PEXPIRE', EPOCH, 2 * need)
  end
end

-- The sign-on lives on for the longest interval of its sessions.
local function set_expiry()
  if interval <= 0 then
    redis.call('PERSIST', SIGN_ON)
    keep_epoch(YEAR)
  else
    redis.call('PEXPIRE', SIGN_ON, interval * 1000 + MARGIN)
    keep_epoch(math.max(WEEK, interval * 1000 + MARGIN))
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

-- What there is of a sign-on: epoch, interval, the login, and the sessions if they are not too many.
local function told()
  begin_epoch()
  local reply = {'E', epoch, tostring(interval)}
  if redis.call('HLEN', SIGN_ON) > MOST_TOLD + 7 then
    for _, value in ipairs(redis.call('HMGET', SIGN_ON, unpack(LOGIN))) do
      reply[#reply + 1] = value
    end
    return reply
  end
  local all, sessions, login = redis.call('HGETALL', SIGN_ON), {}, {}
  for i = 1, #all, 2 do
    if string.byte(all[i]) == 115 then
      sessions[#sessions + 1] = all[i]
      sessions[#sessions + 1] = all[i + 1]
    else
      login[all[i]] = all[i + 1]
    end
  end
  for _, name in ipairs(LOGIN) do
    reply[#reply + 1] = login[name] or false
  end
  for _, item in ipairs(sessions) do
    reply[#reply + 1] = item
  end
  return reply
end
