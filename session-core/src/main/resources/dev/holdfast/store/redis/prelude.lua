-- Purpose:  what all scripts share. It is put in front of each of them before they are sent: one clock, one layout, one
--           way to give keys their TTL.
-- KEYS:     1 record (hash), 2 due (sorted set), 3 epoch (string); the other keys belong to the single scripts
-- ARGV:     1 epoch to begin with if there is none: <partitions>-<random>
--           2 margin in ms: how long keys outlive the time of expiry, so that listeners can still read
--           3 session id
--           4 creation time in ms, by the clock of the node that created the session
-- Returns:  {'P', epoch} if the data was written with another number of partitions; nothing is done then
--           {'V', m} if the record was written in a layout that this release does not know; nothing is done then
-- Slot:     all keys carry the hash tag {<application>:<partition>}
--
-- Record:   m         layout version (1 byte), revision (6), created ms (6), accessed ms (6), seen ms (6),
--                     max-inactive seconds (4, signed), token of the call that wrote this revision (4; zeros: it
--                     was created with it)
--                     accessed is the arrival of the last request; seen is the last touch or commit: idle time counts
--                     from it, and it is always Redis's time, for the clocks of the nodes decide nothing. So is
--                     accessed from the first touch on
--           l         change log, see read_log
--           e         token of the node that is ending the session (16 bytes), and until when it may (6 bytes, ms)
--           o         the id that the client knew, if its id has been used again since
--           t         when attributes were removed, see changes.lua
--           c         what a reconcile found in conflict: its token (4 bytes), the rest packed with cmsgpack; for as long
--                     as its item is in the log
--           k         what leads to the ids that the session had before, latest first, for nodes that decrypt values of
--                     that time; see rename.lua
--           a<name>   one attribute: when it was written in ms (6 bytes), then the encoded value
local RECORD, DUE, EPOCH = KEYS[1], KEYS[2], KEYS[3]
local MARGIN, ID, CREATED = tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local LAYOUT = '>I1I6I6I6I6i4c4'
local LAYOUT_VERSION, LAYOUT_LENGTH = 1, 33
local WEEK = 604800000
local YEAR = 31536000000
-- Arguments of one redis.call: unpack is limited by the Lua stack (8000).
local CHUNK = 4000

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- An epoch tells which data this is, and after the '@' which server has it: who was restarted, or has become master, may
-- lack what was confirmed last. A user who may not ask does without.
local function of_this_server(data)
  local server = redis.pcall('INFO', 'server')
  local run = type(server) == 'string' and string.match(server, 'run_id:(%x+)')
  if not run then
    return data
  end
  return string.match(data, '^[^@]*') .. '@' .. string.sub(run, 1, 16)
end

local epoch = redis.call('GET', EPOCH)
if not epoch then
  epoch = of_this_server(ARGV[1])
  redis.call('SET', EPOCH, epoch, 'NX', 'PX', 2 * WEEK)
elseif string.match(epoch, '^[^-]*%-') ~= string.match(ARGV[1], '^[^-]*%-') then
  return {'P', epoch}
end

-- The epoch, for who must know whether the data may have been lost since an earlier one. It costs some microseconds.
local function checked_epoch()
  local present = of_this_server(epoch)
  if present ~= epoch then
    epoch = present
    redis.call('SET', EPOCH, epoch, 'KEEPTTL')
  end
  return epoch
end

local stored = redis.call('HMGET', RECORD, 'm', 'l', 'e')
local log = stored[2] or ''
local ending = stored[3] or ''
local record = nil
if stored[1] then
  if #stored[1] ~= LAYOUT_LENGTH or string.byte(stored[1]) ~= LAYOUT_VERSION then
    return {'V', stored[1]}
  end
  local _, revision, created, accessed, seen, idle, token = struct.unpack(LAYOUT, stored[1])
  record = {revision = revision, created = created, accessed = accessed, seen = seen, idle = idle, token = token}
end

-- Whether the record belongs to the session that the caller means.
local function is_same_session()
  return record and record.created == CREATED
end

local function is_due()
  return record.idle > 0 and now >= record.seen + record.idle * 1000
end

-- Whether a node has begun to end the session and may still be at it. Nobody else writes or ends it then.
local function is_being_ended()
  return #ending == 22 and now < struct.unpack('>I6', ending, 17)
end

-- The metadata as callers read it: revision, created, accessed, max-inactive seconds, token of the revision; and what time
-- it is.
local function pack_metadata()
  return struct.pack('>I6I6I6i4c4I6', record.revision, record.created, record.accessed, record.idle, record.token, now)
end

local function pack_record()
  return struct.pack(
    LAYOUT, LAYOUT_VERSION, record.revision, record.created, record.accessed, record.seen, record.idle, record.token)
end

-- Sets when the keys vanish by themselves if no node is left to end the session. The due and epoch keys are shared, so
-- their TTL only ever grows, and in large steps, so that it is seldom written.
local function set_expiry()
  if record.idle <= 0 then
    redis.call('PERSIST', RECORD)
    redis.call('ZREM', DUE, ID)
    -- Beyond the life of any copy in a node's memory.
    if redis.call('PTTL', EPOCH) < YEAR then
      redis.call('PEXPIRE', EPOCH, 2 * YEAR)
    end
    return
  end
  local due = record.seen + record.idle * 1000
  local rest = due + MARGIN - now
  redis.call('PEXPIREAT', RECORD, math.max(due, now) + MARGIN)
  redis.call('ZADD', DUE, due, ID)
  if redis.call('PTTL', DUE) < rest then
    redis.call('PEXPIRE', DUE, rest + MARGIN)
  end
  local epoch_rest = redis.call('PTTL', EPOCH)
  local epoch_need = math.max(WEEK, rest)
  if epoch_rest ~= -1 and epoch_rest < epoch_need then
    redis.call('PEXPIRE', EPOCH, 2 * epoch_need)
  end
end

-- Leaves the marker of a change of id. A node that was cut off may come with changes under the old id as long as its copy
-- lives: that is about as long as the record would live if nobody used it.
local function leave_marker(key, successor, record_ttl)
  redis.call('SET', key, successor, 'PX', record_ttl > 0 and record_ttl or WEEK)
end

-- Appends to a reply what leads to the ids of before, or nil, and all attributes: pairs of 'a'..name and value, which still
-- begins with its instant.
local function everything(reply)
  local all = redis.call('HGETALL', RECORD)
  reply[#reply + 1] = redis.call('HGET', RECORD, 'k')
  for i = 1, #all, 2 do
    if string.byte(all[i]) == 97 then
      reply[#reply + 1] = all[i]
      reply[#reply + 1] = all[i + 1]
    end
  end
  return reply
end

-- A lock is a string: the owner (16 bytes), and '+' if others wait. Its TTL is the lease.
local OWNER_LENGTH = 16

local function is_owner(lock, owner)
  local holder = redis.call('GET', lock)
  return holder and string.sub(holder, 1, OWNER_LENGTH) == owner
end

-- Ends a lock, and tells who was refused.
local function free(lock, channel)
  local holder = redis.call('GET', lock)
  if holder then
    redis.call('DEL', lock)
    if #holder > OWNER_LENGTH then
      redis.call('PUBLISH', channel, ID)
    end
  end
end

-- Runs a command on RECORD with many arguments: ARGV[first] to ARGV[last].
local function call_in_chunks(command, first, last)
  for from = first, last, CHUNK do
    redis.call(command, RECORD, unpack(ARGV, from, math.min(from + CHUNK - 1, last)))
  end
end

-- Sets attributes: ARGV[first] to ARGV[last] are pairs of 'a'..name and value. Values come with the instant in front,
-- the same for all, as the caller estimates the time here: to put it there in a script takes a millisecond for each
-- megabyte. An estimate that is clearly ahead is put right, or it would win for a while over what comes next.
local MOST_AHEAD = 1000

local function set_attributes(first, last)
  if first < last and struct.unpack('>I6', ARGV[first + 1]) > now + MOST_AHEAD then
    local instant = struct.pack('>I6', now)
    for i = first + 1, last, 2 do
      ARGV[i] = instant .. string.sub(ARGV[i], 7)
    end
  end
  call_in_chunks('HSET', first, last)
end

-- The change log: one item per revision without gaps, newest last, so that the position gives the revision.
--   commit token (4 bytes), then
--   count (2 bytes) and count times: length (2 bytes), name    the attributes that were set or removed, or
--   0xFFFF                                                     any attribute, or
--   0xFFFE, previous revision (6 bytes)                        any attribute; the revision made a leap
local function read_log()
  local items, at = {}, 1
  while at <= #log do
    local item = {from = at, token = string.sub(log, at, at + 3)}
    local count = struct.unpack('>I2', log, at + 4)
    at = at + 6
    if count == 0xFFFE then
      item.previous = struct.unpack('>I6', log, at)
      at = at + 6
    elseif count ~= 0xFFFF then
      item.names = {}
      for i = 1, count do
        local length = struct.unpack('>I2', log, at)
        item.names[i] = string.sub(log, at + 2, at + 1 + length)
        at = at + 2 + length
      end
    end
    item.to = at - 1
    items[#items + 1] = item
  end
  for i, item in ipairs(items) do
    item.revision = record.revision - #items + i
  end
  return items
end

-- Whether a failover has lost what a copy knows. Revisions are counted anew then: the same number may name something else.
-- An empty token is not compared.
local function is_behind(revision, token, items)
  if revision > record.revision then
    return true
  end
  if revision == 0 or token == '' then
    return false
  end
  if revision == record.revision then
    return token ~= record.token
  end
  for _, item in ipairs(items) do
    if item.revision == revision then
      return token ~= item.token
    end
  end
  return false
end
