-- Purpose:  writes what a request changed, and raises the revision
-- KEYS:     1 record, 2 due, 3 epoch, 4 moved (the marker of a rename), 5 lock
-- ARGV:     1 to 4 see prelude.lua
--           5 revision of the caller's copy
--           6 its token (4 bytes); empty: not compared
--           7 max-inactive interval in seconds, or empty if it stays
--           8 owner of the lock that the caller must have (16 bytes), and the channel to tell on if the lock is to be
--             given back; empty: no lock matters
--           9 empty: the commit is a use of the session, and idle time counts from it; 'a': idle time goes on counting
--             from the arrival of the last request; 'q': a copy leaves its node. That is no use either, and nothing is
--             written if anybody has written since the caller's revision, uses the session exclusively, or if it is due
--           10 item of the change log: token, and the names that change, see read_log
--           11 how many of the arguments that follow are pairs of 'a'..name and value to set, times 2
--           12... these pairs, see set_attributes, then 'a'..name of each attribute to remove
-- Returns:  {'K', previous revision, revision, time in ms (6 bytes each)}
--           {'G', epoch}   the session has ended, or another one has this id
--           {'M', id}      the session has another id now
--           {'L'}          a failover has lost commits that the caller has seen; nothing was written
--           {'F'}          the lock is not the caller's; nothing was written
--           {'B'}          only for a copy that leaves: others were there; nothing was written
-- Slot:     {<application>:<partition>}
-- A session that is due takes the commit, unless its end has begun: the request that makes it was there in time.
if not is_same_session() or is_being_ended() then
  local successor = redis.call('GET', KEYS[4])
  if successor then
    return {'M', successor}
  end
  return {'G', checked_epoch()}
end

local known = tonumber(ARGV[5])
local owner, channel = string.sub(ARGV[8], 1, OWNER_LENGTH), string.sub(ARGV[8], OWNER_LENGTH + 1)
local leaves = ARGV[9] == 'q'
local item = ARGV[10]
local token = string.sub(item, 1, 4)
local items = read_log()

-- A repeated call finds its token, at a revision that it cannot have known. The second condition keeps two tokens that
-- are equal by chance from meaning anything unless their requests also ran at the same time.
for _, present in ipairs(items) do
  if present.token == token and present.revision > known then
    if channel ~= '' and is_owner(KEYS[5], owner) then
      free(KEYS[5], channel)
    end
    return {'K', struct.pack('>I6I6I6', present.previous or present.revision - 1, present.revision, now)}
  end
end

-- Who has lost its lease has perhaps a successor, which may even have come and gone.
if owner ~= '' and not is_owner(KEYS[5], owner) then
  return {'F'}
end

local previous = record.revision
local behind = is_behind(known, ARGV[6], items)
if leaves and (behind or known ~= previous or is_due() or redis.call('GET', KEYS[5])) then
  return {'B'}
end
if behind then
  return {'L'}
end
record.revision = previous + 1
record.token = token
-- The last touch may be older than the request; a shorter interval that counted from it could be over already.
if ARGV[9] == '' or (ARGV[9] == 'a' and ARGV[7] ~= '') then
  record.seen = now
end
if ending ~= '' then
  redis.call('HDEL', RECORD, 'e')
end
if ARGV[7] ~= '' then
  record.idle = tonumber(ARGV[7])
end

local last_set = 11 + tonumber(ARGV[11])
if stored_tombstones ~= '' then
  for i = 12, last_set, 2 do
    removed[string.sub(ARGV[i], 2)] = nil
  end
end
set_attributes(12, last_set)
call_in_chunks('HDEL', last_set + 1, #ARGV)

local limit = field_limit()
-- There is room for no more than these; who removes thousands need not wait until they are sorted.
for i = math.max(last_set + 1, #ARGV - limit / 8 + 1), #ARGV do
  removed[string.sub(ARGV[i], 2)] = now
end
write_tombstones(now - HOUR, limit)

-- The last item is always there, so that the last commit can be repeated; without its names if they do not fit.
if #item > limit then
  item = any_item(token)
end
redis.call('HSET', RECORD, 'm', pack_record(), 'l', lengthen_log(items, item, limit))
set_expiry()
if channel ~= '' then
  free(KEYS[5], channel)
end
return {'K', struct.pack('>I6I6I6', previous, record.revision, now)}
