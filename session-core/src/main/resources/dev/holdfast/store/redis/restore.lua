-- Purpose:  puts back what a failover has lost: a node's copy knows commits that the record lacks
-- KEYS:     1 record, 2 due, 3 epoch, 4 moved (the marker of a rename)
-- ARGV:     1 to 4 see prelude.lua
--           5 revision of the caller's copy
--           6 when the caller last knew the session as Redis had it, in ms: whatever it knows was written before, and what
--             was written after it stays
--           7 max-inactive interval of the copy in seconds
--           8 token of this call (4 bytes)
--           9 how many of the arguments that follow are pairs of 'a'..name and value, times 2
--           10... all attributes of the copy, then 'a'..name of each that the record has and the copy does not know
-- Returns:  {'E', metadata, epoch, k, 'a'..name, value, ...}   everything, as it is now
--           {'G', epoch}                                    the session has ended, or another one has this id
--           {'M', id}                                       the session has another id now
-- Slot:     {<application>:<partition>}
if not is_same_session() or is_being_ended() then
  local successor = redis.call('GET', KEYS[4])
  if successor then
    return {'M', successor}
  end
  return {'G', checked_epoch()}
end

local known, agreed, token = tonumber(ARGV[5]), math.min(now, tonumber(ARGV[6])), ARGV[8]
local last_set = 9 + tonumber(ARGV[9])
local items = read_log()
for _, present in ipairs(items) do
  if present.token == token and present.revision > known then
    return everything({'E', pack_metadata(), epoch})
  end
end

local written = {}

local function put_back(field, value)
  local present, stored = stored_attribute(field)
  if present <= agreed and stored ~= value then
    write_attribute(field, agreed, value)
    written[#written + 1] = string.sub(field, 2)
  end
end

for i = 10, last_set, 2 do
  put_back(ARGV[i], ARGV[i + 1])
end
for i = last_set + 1, #ARGV do
  put_back(ARGV[i], nil)
end

local limit = field_limit()
local previous = record.revision
local item
if known > previous then
  -- The revisions in between are nobody's, and the log begins anew.
  log = ''
  items = {}
  item = leap_item(token, previous)
  record.revision = known + 1
  record.idle = tonumber(ARGV[7])
else
  item = named_item(token, written, limit)
  record.revision = previous + 1
end
record.token = token
redis.call('HSET', RECORD, 'm', pack_record(), 'l', lengthen_log(items, item, limit))
write_tombstones(now - HOUR, limit)
set_expiry()
return everything({'E', pack_metadata(), epoch})
