-- Purpose:  what the scripts share that write to a session which others write, too: the change log and the tombstones.
--           It stands between prelude.lua and each of them
-- KEYS:     see prelude.lua
-- ARGV:     see prelude.lua
-- Returns:  nothing
-- Slot:     {<application>:<partition>}
local HOUR = 3600000

local extra = redis.call('HMGET', RECORD, 't', 'c')
local stored_tombstones, conflicts = extra[1] or '', extra[2] or ''

-- When attributes were removed, by name: those that were removed last, as far as there is room for them.
local removed = {}
local at_tombstone = 1
while at_tombstone <= #stored_tombstones do
  local instant, length = struct.unpack('>I6I2', stored_tombstones, at_tombstone)
  removed[string.sub(stored_tombstones, at_tombstone + 8, at_tombstone + 7 + length)] = instant
  at_tombstone = at_tombstone + 8 + length
end

-- How long our own fields may be. A small hash is kept in one compact block, as long as none of its values is longer
-- than 64 bytes.
local function field_limit()
  if redis.call('HLEN', RECORD) < 32 then
    return 64
  end
  return 512
end

-- Keeps the tombstones that are not older than an instant and fit, the latest ones first.
local function write_tombstones(oldest, limit)
  local names = {}
  for name, instant in pairs(removed) do
    if instant >= oldest and 8 + #name <= limit then
      names[#names + 1] = name
    end
  end
  table.sort(names, function(one, other)
    if removed[one] == removed[other] then
      return one < other
    end
    return removed[one] < removed[other]
  end)
  local first, length = #names + 1, 0
  while first > 1 and length + 8 + #names[first - 1] <= limit do
    first = first - 1
    length = length + 8 + #names[first]
  end
  local packed = {}
  for i = first, #names do
    packed[#packed + 1] = struct.pack('>I6I2', removed[names[i]], #names[i]) .. names[i]
  end
  packed = table.concat(packed)
  if packed == stored_tombstones then
    return
  end
  if packed == '' then
    redis.call('HDEL', RECORD, 't')
  else
    redis.call('HSET', RECORD, 't', packed)
  end
end

-- The change log with further items. They are always there; the oldest ones go that do not fit beside them. What is
-- kept of the conflicts of a reconcile goes with its item: without it no repeated call can ask for them.
local function lengthen_log(items, further, limit)
  local first = 1
  while items[first] and #log - items[first].from + 1 + #further > limit do
    first = first + 1
  end
  local needed = conflicts == ''
  for i = first, #items do
    needed = needed or items[i].token == string.sub(conflicts, 1, 4)
  end
  if not needed then
    redis.call('HDEL', RECORD, 'c')
  end
  if items[first] then
    return string.sub(log, items[first].from) .. further
  end
  return further
end

-- An item that says that any attribute may have changed.
local function any_item(token)
  return token .. '\255\255'
end

-- The item of a call that has written these names; of any, if there is no room for them.
local function named_item(token, names, limit)
  local item, length = {token, struct.pack('>I2', math.min(#names, 0xFFFF))}, 6
  for _, name in ipairs(names) do
    length = length + 2 + #name
    if length > limit then
      return any_item(token)
    end
    item[#item + 1] = struct.pack('>I2', #name) .. name
  end
  return table.concat(item)
end

-- The item of a commit that leaps over revisions that nobody has written here.
local function leap_item(token, previous)
  return token .. '\255\254' .. struct.pack('>I6', previous)
end

-- What the record has of an attribute: when it was written or removed, and its bytes, or nil.
local function stored_attribute(field)
  local stored = redis.call('HGET', RECORD, field)
  if not stored then
    return removed[string.sub(field, 2)] or 0, nil
  end
  return #stored >= 6 and struct.unpack('>I6', stored) or 0, string.sub(stored, 7)
end

-- Writes an attribute as of an instant, or removes it if there are no bytes.
local function write_attribute(field, instant, value)
  local name = string.sub(field, 2)
  if value then
    redis.call('HSET', RECORD, field, struct.pack('>I6', instant) .. value)
    removed[name] = nil
  else
    redis.call('HDEL', RECORD, field)
    removed[name] = instant
  end
end
