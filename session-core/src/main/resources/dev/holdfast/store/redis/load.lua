-- Purpose:  looks a session up, returns only what the caller does not know, and notes the access
-- KEYS:     1 record, 2 due, 3 epoch, 4 lock, if the caller wants it
-- ARGV:     1 to 3 see prelude.lua
--           4 creation time of the caller's copy in ms
--           5 revision of the caller's copy, 0 if it has none
--           6 token of that revision (4 bytes); empty: not compared
--           7 touch interval in ms: an access is written if the last one is older; -1: this is no access
--           8 owner of the lock that is wanted (16 bytes), and '+' if others wait behind it
--           9 its lease in ms
-- Returns:  {'A', epoch, time in ms (6 bytes)}             absent
--           {'D'}                                           its time is over; not touched
--           {'L', remaining lease in ms}                    another owner has the lock; not touched
--           {'U', metadata}                                 the caller's copy is up to date
--           {'C', metadata, k, name, value or nil, ...}     changed attributes; nil is a removed one
--           {'E', metadata, epoch, k, 'a'..name, value, ...}   everything; k is that of the record, or nil
--           {'B', metadata, 'a'..name, ...}                 a failover has lost what the caller's copy knows: the present
--                                                           names of attributes
--           metadata is that of before this access; values begin with the instant when they were written (6 bytes)
-- Slot:     {<application>:<partition>}
if not record then
  return {'A', tonumber(ARGV[5]) > 0 and checked_epoch() or epoch, struct.pack('>I6', now)}
end
if is_due() then
  return {'D'}
end

if KEYS[4] then
  local holder = redis.call('GET', KEYS[4])
  if not holder then
    redis.call('SET', KEYS[4], ARGV[8], 'PX', ARGV[9])
  elseif string.sub(holder, 1, OWNER_LENGTH) == string.sub(ARGV[8], 1, OWNER_LENGTH) then
    redis.call('PEXPIRE', KEYS[4], ARGV[9])
  else
    if #holder == OWNER_LENGTH then
      redis.call('SET', KEYS[4], holder .. '+', 'KEEPTTL')
    end
    return {'L', tostring(math.max(0, redis.call('PTTL', KEYS[4])))}
  end
end
local metadata = pack_metadata()

-- The interval never eats more than half of the idle time, or sessions would end while they are used. It counts from
-- the last written access and not from a commit, or the last access of a session with many commits would never move.
local interval = tonumber(ARGV[7])
if record.idle > 0 then
  interval = math.min(interval, record.idle * 500)
end
if interval == 0 or (interval > 0 and (now < record.accessed or now - record.accessed >= interval)) then
  record.accessed = now
  record.seen = now
  redis.call('HSET', RECORD, 'm', pack_record())
  set_expiry()
end

-- The names that changed after a revision, each once; nil if the log does not reach back so far.
local function changed_since(revision, items)
  if #items < record.revision - revision then
    return nil
  end
  local names, known = {}, {}
  for _, item in ipairs(items) do
    if item.revision > revision then
      if not item.names then
        return nil
      end
      for _, name in ipairs(item.names) do
        if not known[name] then
          known[name] = true
          names[#names + 1] = name
        end
      end
    end
  end
  return names
end

local revision = tonumber(ARGV[5])
if revision > 0 and is_same_session() then
  if revision == record.revision and (ARGV[6] == '' or ARGV[6] == record.token) then
    return {'U', metadata}
  end
  local items = read_log()
  if is_behind(revision, ARGV[6], items) then
    local reply = {'B', metadata}
    local all = redis.call('HGETALL', RECORD)
    for i = 1, #all, 2 do
      if string.byte(all[i]) == 97 then
        reply[#reply + 1] = all[i]
      end
    end
    return reply
  end
  local names = changed_since(revision, items)
  if names then
    local reply = {'C', metadata, redis.call('HGET', RECORD, 'k')}
    for _, name in ipairs(names) do
      reply[#reply + 1] = name
      reply[#reply + 1] = redis.call('HGET', RECORD, 'a' .. name)
    end
    return reply
  end
end

return everything({'E', metadata, epoch})
