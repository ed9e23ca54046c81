extension LuaText {
  /// A user's sessions in a Cluster, in the user's own partition: the ids by open time, `open:user_id:USER` and
  /// `closed:user_id:USER`, and in `openings:USER` a version and the openings under way.
  ///
  /// An id is put there before its session is stored, and may be there though the session is gone; one that is among
  /// the open may have been closed. Whoever reads them sees to that. An opening under way is a field "p:ID:ATTEMPT"
  /// with the server's time.
  private static let users = #"""
    local user = arg()
    local open, closed = tag .. 'open:user_id:' .. user, tag .. 'closed:user_id:' .. user
    local openings = tag .. 'openings:' .. user
    local DAY = '86400000'
    -- Closed sessions are forgotten when the open ones would be, or after the retention.
    local span = text(math.max(call('PTTL', open), RETENTION))

    local function hasOpening(id)
      for _, field in ipairs(call('HKEYS', openings)) do
        if string.sub(field, 1, #id + 3) == 'p:' .. id .. ':' then return true end
      end
      return false
    end

    local function keepFor(key, atLeast)
      if call('PTTL', key) < tonumber(atLeast) then call('PEXPIRE', key, atLeast) end
    end

    """#

  /// The version, the server's time, the open, the closed if they are asked for, and the openings under way.
  static let userState =
    users + #"""
      local time = call('TIME')
      return {
        call('HGET', openings, 'version') or '0',
        text(tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)),
        call('ZRANGE', open, 0, -1), arg() == '1' and call('ZRANGE', closed, 0, -1) or {}, call('HGETALL', openings),
      }
      """#

  /// Announces openings, unless the version is another by now, and tidies up what was found out: 1 if it did.
  static let announce =
    users + #"""
      local version, lasting = arg(), arg()
      local found = call('HGET', openings, 'version') or '0'
      if version ~= '' and found ~= version then return 0 end
      local time = call('TIME')
      local now = text(tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
      local count = tonumber(arg())
      for _ = 1, count do
        local id, opened, attempt = arg(), arg(), arg()
        call('ZADD', open, opened, id)
        call('ZREM', closed, id)
        call('HSET', openings, 'p:' .. id .. ':' .. attempt, now)
      end
      for _ = 1, tonumber(arg()) do
        local id = arg()
        local opened = call('ZSCORE', open, id)
        if opened then
          call('ZREM', open, id)
          call('ZADD', closed, opened, id)
        end
      end
      for _ = 1, tonumber(arg()) do
        local id = arg()
        if not hasOpening(id) then
          call('ZREM', open, id)
          call('ZREM', closed, id)
        end
      end
      if count > 0 then
        call('HINCRBY', openings, 'version', 1)
        call('PEXPIRE', openings, DAY)
        keepFor(open, lasting)
      end
      keepFor(closed, span)
      return 1
      """#

  /// Ends openings: each an id, an attempt, which may be empty, and whether its session is open, closed or gone.
  static let confirm =
    users + #"""
      for _ = 1, tonumber(arg()) do
        local id, attempt, what = arg(), arg(), arg()
        call('HDEL', openings, 'p:' .. id .. ':' .. attempt)
        local opened = what ~= 'open' and not hasOpening(id) and call('ZSCORE', open, id)
        if opened then
          call('ZREM', open, id)
          if what == 'closed' then call('ZADD', closed, opened, id) end
        end
      end
      keepFor(closed, span)
      return 1
      """#

  /// Forgets sessions that were removed: each an id and its open time, for another may have got the id meanwhile.
  static let forgetOpened =
    users + #"""
      for _ = 1, tonumber(arg()) do
        local id, opened = arg(), tonumber(arg())
        for _, key in ipairs({open, closed}) do
          local score = call('ZSCORE', key, id)
          if score and tonumber(score) == opened and not hasOpening(id) then call('ZREM', key, id) end
        end
      end
      return 1
      """#

  /// Takes an announcement back in the session's partition, so that its attempt can't be stored any more.
  ///
  /// Answers 1 if a session of that id is there.
  static let void = #"""
    local id, attempt = arg(), arg()
    call('SET', tag .. 'void:' .. attempt, '1', 'PX', '86400000')
    return call('EXISTS', tag .. 'session:' .. id)
    """#
}
