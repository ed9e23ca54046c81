extension LuaText {
  /// Adds a session; on one server within its limit, in a Cluster as one that was announced to its user's partition.
  ///
  /// Answers "inserted" and those closed in the same step, "duplicate", "limit", or "void" if the announcement was
  /// taken back. One that others of the same step leave no room for is evicted itself, and answered.
  static let insert = #"""
    local id, now, maximum, overflow, attempt = arg(), number(arg()), tonumber(arg()), arg(), arg()
    local isEvicted, actor = arg() == '1', actorGiven()
    local new = sessionGiven(id)
    if attempt ~= '' and call('EXISTS', tag .. 'void:' .. attempt) == 1 then return {'void'} end

    local old = load(id, false)
    if old and (not new.carried or isAlive(old, now) or not isLess(old.revision, new.revision)) then
      return {'duplicate'}
    end

    local answer = {'inserted'}
    if maximum and isAlive(new, now) then
      local index, live, closing = tag .. 'open:user_id:' .. new.user_id, {}, {}
      for _, other in ipairs(call('ZRANGE', index, 0, -1)) do
        local session = load(other, false)
        if not session or session.close_time or session.user_id ~= new.user_id then
          call('ZREM', index, other)
        elseif isAlive(session, now) then
          session.time = tonumber(overflow == 'evict-oldest' and session.open_time or session.request_time)
          live[#live + 1] = session
        elseif other ~= id then
          closing[#closing + 1] = session
        end
      end
      local excess = #live + 1 - maximum
      if excess > 0 and overflow == 'deny' then return {'limit'} end
      if excess > 0 then
        table.sort(live, function(left, right)
          if left.time ~= right.time then return left.time < right.time end
          return isBefore(left.id, right.id)
        end)
        for number = 1, excess do closing[#closing + 1] = live[number] end
      end
      for number, session in ipairs(closing) do
        answer[number + 1] = row(finish(session, now, 'evicted', POLICY), true)
      end
    end

    if old and not old.close_time then
      recordSession('session.closed', text(deadline(old)), old, deadlineReason(old), REAPER)
    end
    put(old, new, now)
    recordSession('session.opened', text(now), new, nil, actor)
    if isEvicted then answer[2] = row(close(new, text(now), 'evicted', POLICY), true) end
    publish()
    return answer
    """#

  /// Adds sessions as they are, each an id, an announced attempt or nothing, and its fields; tells no log.
  ///
  /// Answers how many were added: none whose id is taken, or whose announcement was taken back.
  static let insertAll = #"""
    local time, count = call('TIME'), 0
    local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
    for _ = 1, tonumber(arg()) do
      local id, attempt = arg(), arg()
      local new = sessionGiven(id)
      local isVoid = attempt ~= '' and call('EXISTS', tag .. 'void:' .. attempt) == 1
      if not isVoid and call('EXISTS', keyOf(id)) == 0 then
        put(nil, new, now)
        count = count + 1
      end
    end
    publish()
    return count
    """#

  /// Replaces a live session of one revision.
  ///
  /// Answers 1 if it did, 0 if not, and 2 if its place among its user's sessions must be announced first.
  static let replace = #"""
    local id, revision, now, kind, reason = arg(), arg(), number(arg()), arg(), optional()
    local isAnnounced, actor = arg() == '1', actorGiven()
    local new, old = sessionGiven(id), load(id, false)
    if not old or old.revision ~= revision or not isAlive(old, now) then return 0 end
    if not SINGLE and not isAnnounced and (old.user_id ~= new.user_id or old.open_time ~= new.open_time
      or old.lifetime ~= new.lifetime) then
      return 2
    end
    if tonumber(old.request_time) > tonumber(new.request_time) then new.request_time = old.request_time end
    put(old, new, now)
    recordSession(kind, text(now), new, reason, actor)
    publish()
    return 1
    """#

  /// Closes one open session: nothing, or the session and 1 if it lived, 2 if its time was up, 0 if it was closed.
  static let close = #"""
    local id, now, reason, actor = arg(), number(arg()), arg(), actorGiven()
    local session = load(id, true)
    if not session then return false end
    if session.close_time then return {0, row(session, true)} end
    local isLive, closed = isAlive(session, now), finish(session, now, reason, actor)
    publish()
    return {isLive and 1 or 2, row(closed, true)}
    """#

  /// Moves request times of open sessions forward.
  static let touch = #"""
    for _ = 1, tonumber(arg()) do
      local id, time = arg(), arg()
      local old = load(id, false)
      if old and not old.close_time and tonumber(old.request_time) < number(time) then
        local new = {}
        for name, value in pairs(old) do new[name] = value end
        new.request_time = time
        -- The expiry first: a full server lets a script go on that has begun with that.
        expireLater(new, number(time))
        call('HSET', keyOf(id), 'request_time', time, 'deadline', text(deadline(new)))
        reindex(old, new)
      end
    end
    return 1
    """#

  /// Removes a session, open or closed, and answers it as it was.
  static let remove = #"""
    local id, now, actor = arg(), number(arg()), actorGiven()
    local session = load(id, true)
    if not session then return false end
    delete(session)
    if isAlive(session, now) then
      recordSession('session.closed', text(now), session, 'revoked', actor)
    elseif not session.close_time then
      recordSession('session.closed', text(deadline(session)), session, deadlineReason(session), REAPER)
    end
    recordSession('session.removed', text(now), session, nil, actor)
    publish()
    return row(session, true)
    """#

  /// Closes sessions whose deadline has come: whether that was all, and the sessions.
  static let reap = #"""
    local now, limit = number(arg()), tonumber(arg())
    local answer = {}
    local expired = call('ZRANGEBYSCORE', tag .. 'deadlines', '-inf', text(now), 'LIMIT', 0, limit)
    for _, id in ipairs(expired) do
      local session = load(id, true)
      if not session then
        forget(id)
      elseif session.close_time then
        call('ZREM', tag .. 'deadlines', id)
      elseif deadline(session) > now then
        call('ZADD', tag .. 'deadlines', text(deadline(session)), id)
      else
        local isGone = session.carried ~= false
        local closed = close(session, text(deadline(session)), deadlineReason(session), REAPER, isGone)
        if isGone then
          delete(closed)
          closed.carried = session.carried
        end
        answer[#answer + 1] = row(closed, true)
      end
    end
    publish()
    return {#expired < limit and 1 or 0, answer}
    """#

  /// Removes sessions closed before a time: whether that was all, and of each the id, user and open time.
  static let purge = #"""
    local time, limit = arg(), tonumber(arg())
    local answer = {}
    local closed = call('ZRANGEBYSCORE', tag .. 'closings', '-inf', '(' .. time, 'LIMIT', 0, limit)
    for _, id in ipairs(closed) do
      local session = load(id, false)
      if not session then
        forget(id)
      elseif not session.close_time then
        call('ZREM', tag .. 'closings', id)
      elseif tonumber(session.close_time) >= number(time) then
        call('ZADD', tag .. 'closings', session.close_time, id)
      else
        delete(session)
        answer[#answer + 1] = {id, session.user_id, session.open_time}
      end
    end
    publish()
    return {#closed < limit and 1 or 0, answer}
    """#
}
