-- Purpose:  brings what a node did to a session while Redis did not answer together with what others have written
-- KEYS:     1 record, 2 due, 3 epoch, 4 moved (the marker of a rename)
-- ARGV:     1 to 4 see prelude.lua
--           5 revision of the caller's copy
--           6 max-inactive interval in seconds, or empty if it stays
--           7 last access on the caller's node in ms; 0: none. This and all instants are in the time of Redis
--           8 since when the caller may have missed what others wrote, in ms
--           9 tokens of commits that were sent and never answered (4 bytes each)
--           10 token of this call (4 bytes)
--           11 how many of the arguments that follow are for attributes that were set, times 3
--           12... 'a'..name, instant in ms and value of each of these, then 'a'..name and instant of each removed one
-- Returns:  {'K', revisions, number of names that were overruled, these, names that were overruling}
--                          revisions are the previous one, that of now, and the time (6 bytes each)
--           {'L'}          a failover has lost commits that the caller has seen; nothing was written
--           {'G', epoch}   the session has ended, or another one has this id
--           {'M', id}      the session has another id now
-- Slot:     {<application>:<partition>}
-- A session that is due takes it, unless its end has begun: its user was there in time, on a node that could not say so.
if not is_same_session() or is_being_ended() then
  local successor = redis.call('GET', KEYS[4])
  if successor then
    return {'M', successor}
  end
  return {'G', checked_epoch()}
end

local MOST_BYTES = 4096
local known, since = tonumber(ARGV[5]), tonumber(ARGV[8])
local token = ARGV[10]
local last_set = 11 + tonumber(ARGV[11])
local items = read_log()
local previous = record.revision

local unanswered = {}
for at = 1, #ARGV[9], 4 do
  unanswered[string.sub(ARGV[9], at, at + 3)] = true
end

local function answer(before, revision, overruled, overruling)
  local reply = {'K', struct.pack('>I6I6I6', before, revision, now), tostring(#overruled)}
  for _, name in ipairs(overruled) do
    reply[#reply + 1] = name
  end
  for _, name in ipairs(overruling) do
    reply[#reply + 1] = name
  end
  return reply
end

-- A repeated call, see commit.lua. The items of unanswered commits that stand right before were written by it, too.
local function is_of_unanswered(item)
  return item and unanswered[item.token] and (item.previous or (item.names and #item.names == 0))
end

local logged = {}
for i, present in ipairs(items) do
  if present.revision > known then
    logged[present.token] = true
    if present.token == token then
      local first = i
      while not items[first].previous and is_of_unanswered(items[first - 1]) do
        first = first - 1
      end
      local before = items[first].previous or items[first].revision - 1
      if string.sub(conflicts, 1, 4) ~= token then
        return answer(before, present.revision, {}, {})
      end
      local kept = cmsgpack.unpack(string.sub(conflicts, 5))
      return answer(before, present.revision, kept[1], kept[2])
    end
  end
end

if known > previous then
  return {'L'}
end

-- It lives on from its last use, wherever that was.
local used = math.min(now, tonumber(ARGV[7]))
record.accessed = math.max(record.accessed, used)
record.seen = math.max(record.seen, used)
if ending ~= '' then
  redis.call('HDEL', RECORD, 'e')
end

-- An unanswered commit that has not come yet may still come. It then finds its token, as a repeated one does, at a
-- revision that it cannot have known, and does nothing. A few commits later it would not any more: nothing is for ever.
local further = {}
for at = 1, #ARGV[9], 4 do
  local late = string.sub(ARGV[9], at, at + 3)
  if not logged[late] then
    logged[late] = true
    further[#further + 1] = late .. '\0\0'
  end
end

if #further == 0 and #ARGV == 11 and ARGV[6] == '' then
  redis.call('HSET', RECORD, 'm', pack_record())
  set_expiry()
  return answer(previous, previous, {}, {})
end

-- Who wrote an attribute last since the caller's revision, as far as the log tells: back to where somebody else wrote
-- more names than there was room for. Only if the log is complete does a name that is not in it mean that nobody did.
local ours = {}
local complete = #items >= previous - known
for i = #items, 1, -1 do
  local present = items[i]
  if present.revision <= known then
    break
  end
  local own = unanswered[present.token] or false
  if not present.names and (present.previous or not own) then
    complete = false
    break
  end
  for _, name in ipairs(present.names or {}) do
    if ours[name] == nil then
      ours[name] = own
    end
  end
end

local written, overruled, overruling = {}, {}, {}

local function bring_in(field, instant, value)
  -- An estimate may be ahead. Nothing may be later than now, or it would win for a while over what comes next.
  instant = math.min(now, instant)
  local name = string.sub(field, 2)
  local present, stored = stored_attribute(field)
  if stored == value then
    if present >= instant then
      return
    end
  elseif ours[name] == false or (ours[name] == nil and not complete and present > since) then
    if present > instant then
      overruled[#overruled + 1] = name
      return
    end
    overruling[#overruling + 1] = name
  end
  write_attribute(field, instant, value)
  written[#written + 1] = name
end

for i = 12, last_set, 3 do
  bring_in(ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2])
end
for i = last_set + 1, #ARGV, 2 do
  bring_in(ARGV[i], tonumber(ARGV[i + 1]), nil)
end
if ARGV[6] ~= '' then
  record.idle = tonumber(ARGV[6])
end

local limit = field_limit()
further[#further + 1] = named_item(token, written, limit - 6 * #further)
record.revision = previous + #further
record.token = token
redis.call('HSET', RECORD, 'm', pack_record(), 'l', lengthen_log(items, table.concat(further), limit))

-- An outage may have lasted for hours, and its other victims are still to come.
write_tombstones(0, MOST_BYTES)
if #overruled + #overruling > 0 then
  local kept = token .. cmsgpack.pack({overruled, overruling})
  if #kept <= MOST_BYTES then
    redis.call('HSET', RECORD, 'c', kept)
  end
end
set_expiry()
return answer(previous, record.revision, overruled, overruling)
