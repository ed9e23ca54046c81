/// What logging in must remember, in Lua.
///
/// The tries under a key are a hash `attempt:KEY`, something used once is a text `used:KEY` that holds its end; the
/// sorted sets `attempts` and `used` hold the keys by the ends of their times. All are in one partition, because the
/// keys of one try (address, account, both) have nothing in common by which they could share any other, and must be
/// counted all or none.
///
/// Each expires by itself as well, some time after it has ended: relative to the time that the caller says it is.
enum LoginLua {
  private static let keeping = #"""
    -- Keeps a key for so many milliseconds, and the index that names it for at least as long.
    local function keep(index, name, score, key, span)
      call('PEXPIRE', key, span)
      call('ZADD', tag .. index, score, name)
      if call('PTTL', tag .. index) < tonumber(span) then call('PEXPIRE', tag .. index, span) end
    end

    """#

  /// Counts one try against every rule or none.
  ///
  /// Arguments: now, for how long a note outlasts its time, and of each rule its key, limit, window, from how many
  /// tries on one waits or nothing, the first wait, the longest.
  ///
  /// The arithmetic is that of `AttemptCount`. Every number is below 2^53, which the caller sees to: times lie within
  /// 10,000 years, and of spans beyond that nothing is left after the addition. Answers the wait in milliseconds.
  static let count =
    keeping + #"""
      local EARLIEST = -62135596800000
      local now, slack = number(arg()), number(arg())
      local function clamp(time) return math.min(math.max(time, EARLIEST), LATEST) end

      -- What counts under a key, nil if nothing does: a window that is over, or that a clock far ahead began.
      local function counted(key, window)
        local kept = call('HMGET', tag .. 'attempt:' .. key, 'count', 'end_time', 'not_before')
        if not kept[1] and not kept[2] and not kept[3] then return nil end
        local ending = clamp(number(kept[2]))
        if now >= ending or ending - now > 2 * tonumber(window) then return nil end
        return {
          -- The next try adds one to the count.
          count = math.min(math.max(number(kept[1]), 0), 9007199254740990),
          ending = ending, notBefore = clamp(number(kept[3])),
        }
      end

      local wait = 0
      for i = 3, #ARGV, 6 do
        local kept = counted(ARGV[i], ARGV[i + 2])
        if kept then
          local before = kept.count >= tonumber(ARGV[i + 1]) and kept.ending or kept.notBefore
          wait = math.max(wait, before - now)
        end
      end
      -- A try that is refused writes nothing.
      if wait > 0 then return wait end
      for i = 3, #ARGV, 6 do
        local key, after = ARGV[i], tonumber(ARGV[i + 3])
        local next = counted(key, ARGV[i + 2])
          or {count = 0, ending = clamp(now + tonumber(ARGV[i + 2])), notBefore = now}
        next.count = next.count + 1
        if after and next.count >= after then
          local delay, longest, left = tonumber(ARGV[i + 4]), tonumber(ARGV[i + 5]), next.count - after
          while left > 0 and delay > 0 and delay < longest do
            delay, left = math.min(delay + delay, longest), left - 1
          end
          next.notBefore = clamp(now + delay)
        end
        local place = tag .. 'attempt:' .. key
        call('HSET', place, 'count', text(next.count), 'end_time', text(next.ending),
          'not_before', text(next.notBefore))
        keep('attempts', key, text(next.ending), place, text(next.ending - now + slack))
      end
      return 0
      """#

  /// Forgets the tries under each argument.
  static let forget = #"""
    for _, key in ipairs(ARGV) do
      call('DEL', tag .. 'attempt:' .. key)
      call('ZREM', tag .. 'attempts', key)
    end
    return 0
    """#

  /// Takes one try back under each argument.
  static let giveBack = #"""
    for _, key in ipairs(ARGV) do
      local count = call('HGET', tag .. 'attempt:' .. key, 'count')
      if count and count:match('^%d+$') and tonumber(count) > 0 then
        call('HINCRBY', tag .. 'attempt:' .. key, 'count', -1)
      end
    end
    return 0
    """#

  /// Notes a use.
  ///
  /// Arguments: what is used, until when it could be, for how long the note is kept. Answers 1 for the first use.
  static let use =
    keeping + #"""
      local name, ending, span = arg(), arg(), arg()
      if not call('SET', tag .. 'used:' .. name, ending, 'NX') then return 0 end
      keep('used', name, ending, tag .. 'used:' .. name, span)
      return 1
      """#

  /// Removes notes whose time is over.
  ///
  /// Arguments: now, how many at most. Answers how many.
  static let purge = #"""
    local now, limit, removed = arg(), tonumber(arg()), 0
    for _, kind in ipairs({{'attempts', 'attempt:'}, {'used', 'used:'}}) do
      local index, left = tag .. kind[1], limit - removed
      for _, key in ipairs(call('ZRANGEBYSCORE', index, '-inf', now, 'LIMIT', 0, left)) do
        call('DEL', tag .. kind[2] .. key)
        call('ZREM', index, key)
        removed = removed + 1
      end
    end
    return removed
    """#
}
