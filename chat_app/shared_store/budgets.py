"""The runs that people start, counted in Redis: by a script, so that each step is one.

=========================  ==============================================================
key, after ``chat:budget:``  value
=========================  ==============================================================
``run:KEY``                a run: its person, thread, id, beginning, day, tokens, whether it is over
``id:RUN``                 the ``KEY`` of the run that has this id
``day:PERSON:DAY``         the messages and tokens of a day
``going:PERSON``           the threads of the runs that may not be over, by ``KEY``
=========================  ==============================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from chat_app.shared_store.redis import key

if TYPE_CHECKING:
    from chat_app.shared_store.redis import SharedStore

Refused = Literal["messages", "tokens", "runs"]
"""The limit that a run is beyond."""
_PREFIX = key("budget", "")
_SCRIPT = """
local prefix, operation, name = KEYS[1], ARGV[1], ARGV[2]
local over_lasts, lasts = 3 * 86400, 30 * 86400
local fields = {'person', 'thread', 'run', 'begun', 'day', 'tokens', 'is_over'}

local function place(key) return prefix .. 'run:' .. key end
local function id(run) return prefix .. 'id:' .. run end
local function going(person) return prefix .. 'going:' .. person end
local function day_of(person, day) return prefix .. 'day:' .. person .. ':' .. day end

local function read(key)
  local values, row = redis.call('HMGET', place(key), unpack(fields)), {key = key}
  if not values[1] then return nil end
  for n, field in ipairs(fields) do row[field] = values[n] end
  row.tokens = tonumber(row.tokens)
  return row
end

local function write(row)
  local values = {}
  for _, field in ipairs(fields) do
    values[#values + 1] = field
    values[#values + 1] = row[field]
  end
  redis.call('HSET', place(row.key), unpack(values))
  local expires = row.is_over == '1' and over_lasts or lasts
  redis.call('EXPIRE', place(row.key), expires)
  if row.run ~= '' then redis.call('SET', id(row.run), row.key, 'EX', expires) end
  if row.is_over == '1' then
    redis.call('HDEL', going(row.person), row.key)
  else
    redis.call('HSET', going(row.person), row.key, row.thread)
    redis.call('EXPIRE', going(row.person), lasts)
  end
end

local function remove(row)
  redis.call('DEL', place(row.key))
  redis.call('HDEL', going(row.person), row.key)
end

local function count(row, messages, tokens)
  local day = day_of(row.person, row.day)
  redis.call('HINCRBY', day, 'messages', messages)
  redis.call('HINCRBY', day, 'tokens', tokens)
  redis.call('EXPIRE', day, over_lasts)
end

local function used(person, day)
  local values = redis.call('HMGET', day_of(person, day), 'messages', 'tokens')
  return tonumber(values[1] or 0), tonumber(values[2] or 0)
end

local function refusal(person, thread, day, most, not_counted, not_going)
  local messages, tokens = used(person, day)
  if most[1] > 0 and messages - not_counted >= most[1] then return 'messages' end
  if most[2] > 0 and tokens >= most[2] then return 'tokens' end
  local others, number, rows = {}, 0, redis.call('HGETALL', going(person))
  for n = 1, #rows, 2 do
    local other = rows[n + 1]
    if rows[n] ~= not_going and other ~= thread and not others[other] then
      others[other], number = true, number + 1
    end
  end
  if most[3] > 0 and number >= most[3] then return 'runs' end
  return ''
end

local function end_it(row, run, tokens)
  if tokens > row.tokens then
    count(row, 0, tokens - row.tokens)
    row.tokens = tokens
  end
  if row.run == '' then row.run = run end
  row.is_over = '1'
  write(row)
end

if operation == 'check' or operation == 'begin' then
  local person, thread, day = ARGV[3], ARGV[4], ARGV[5]
  local most = {tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])}
  if operation == 'check' then return refusal(person, thread, day, most, 0, '') end
  local before = read(name)
  if before and before.run == '' then return '' end
  local is_replaced = before and before.tokens == 0
  local is_same = is_replaced and before.person == person and before.day == day
  local refused = refusal(person, thread, day, most, is_same and 1 or 0, name)
  if refused ~= '' then return refused end
  if before then
    remove(before)
    if is_replaced then
      count(before, -1, 0)
    else -- what it used is not given back
      before.key, before.is_over = name .. ' ' .. before.run, '1'
      write(before)
    end
  end
  local row = {key = name, person = person, thread = thread, run = '', begun = ARGV[9]}
  row.day, row.tokens, row.is_over = day, 0, '0'
  write(row)
  count(row, 1, 0)
  return ''
end

if operation == 'accepted' then
  local row, run = read(name), ARGV[3]
  if row then
    if row.run ~= run then row.is_over = '0' end
    row.run = run
    write(row)
  end
elseif operation == 'forget' then
  local row = read(name)
  if row and row.run == '' then
    remove(row)
    count(row, -1, 0 - row.tokens)
  end
elseif operation == 'ended' then
  local run, tokens = ARGV[3], tonumber(ARGV[4])
  local row = name ~= '' and read(name)
  if row and (row.run == '' or row.run == run or run == '') then end_it(row, run, tokens) end
  local known = run ~= '' and redis.call('GET', id(run))
  row = known and read(known)
  if row and row.run == run then end_it(row, run, tokens) end
elseif operation == 'add' then
  local row, tokens = read(name), tonumber(ARGV[3])
  if row then
    count(row, 0, tokens)
    row.tokens = row.tokens + tokens
    write(row)
  end
elseif operation == 'used' then
  return {used(name, ARGV[3])}
elseif operation == 'under_way' then
  local found = {}
  for _, key in ipairs(redis.call('HKEYS', going(name))) do
    local row = read(key)
    if row then found[#found + 1] = {key, row.thread, row.run, row.begun}
    else redis.call('HDEL', going(name), key) end
  end
  return found
end
return ''
"""


class Limits(NamedTuple):
    """Of one person; 0: no limit."""

    messages: int = 0
    tokens: int = 0
    runs: int = 0


class Start(NamedTuple):
    """A run that is to be started: whose, where, and when; `begun` is in seconds since 1970."""

    person: str
    thread: str
    begun: float
    day: int


class UnderWay(NamedTuple):
    """A run that may not be over; `begun` is in seconds since 1970, `run` empty or its id."""

    key: str
    thread: str
    run: str
    begun: float


class SharedLedger:
    """A `chat_app.auth.budgets.Ledger`. Its methods raise `SharedStoreDownError`."""

    def __init__(self, store: SharedStore) -> None:
        self._store = store

    def check(self, start: Start, limits: Limits) -> Refused | None:
        return self._refusal("check", "", start, limits)

    def begin(self, name: str, start: Start, limits: Limits) -> Refused | None:
        return self._refusal("begin", name, start, limits)

    def accepted(self, name: str, run: str) -> None:
        self._do("accepted", name, run)

    def forget(self, name: str) -> None:
        self._do("forget", name)

    def ended(self, name: str, run: str, tokens: int) -> None:
        self._do("ended", name, run, tokens)

    def add(self, name: str, tokens: int) -> None:
        self._do("add", name, tokens)

    def under_way(self, person: str) -> list[UnderWay]:
        rows = cast("list[list[bytes]]", self._do("under_way", person))
        found = [[value.decode() for value in row] for row in rows]
        return [UnderWay(name, thread, run, float(at)) for name, thread, run, at in found]

    def used(self, person: str, day: int) -> tuple[int, int]:
        messages, tokens = self._do("used", person, day)
        return messages, tokens

    def close(self) -> None:
        """Nothing: others use the connection, too."""

    def _refusal(self, operation: str, name: str, start: Start, limits: Limits) -> Refused | None:
        person, thread, begun, day = start
        said = self._do(operation, name, person, thread, day, *limits, repr(begun))
        return cast("Refused | None", said.decode() or None)

    def _do(self, operation: str, *values: str | int) -> Any:
        with self._store.client() as client:
            return client.eval(_SCRIPT, 1, _PREFIX, operation, *values)
