extension LuaText {
  /// Sessions as hashes, and the indexes over them.
  ///
  /// The indexes are sorted sets of ids, by a time: `open:opened`, `open:requested`, `deadlines` for open sessions,
  /// `closed:opened`, `closed:requested`, `closings` for closed ones, and one for each value of a member that lists
  /// go by, such as `open:kind:signup`, by open time.
  static let sessions = #"""
    local COLUMNS = {'user_id', 'user_name', 'address', 'client', 'user_agent', 'kind', 'status', 'open_time',
      'request_time', 'renew_time', 'close_time', 'close_reason', 'idle_timeout', 'lifetime', 'generation',
      'is_remembered', 'login_method', 'auth_time', 'revision', 'user', 'data', 'carried'}
    local FACTS = 19
    -- In a Cluster a user's sessions lie in many partitions; their index has a place of its own.
    local VALUES = SINGLE and {'kind', 'status', 'address', 'client', 'user_id'}
      or {'kind', 'status', 'address', 'client'}

    local function keyOf(id) return tag .. 'session:' .. id end

    local function sessionGiven(id)
      local session = {id = id}
      for _, name in ipairs(COLUMNS) do session[name] = optional() end
      return session
    end

    -- A session as stored; nil if there is none. Without contents its last three columns are left out.
    local function load(id, hasContents)
      local values = call('HMGET', keyOf(id), unpack(COLUMNS, 1, hasContents and #COLUMNS or FACTS))
      local session = {id = id}
      for index, name in ipairs(COLUMNS) do session[name] = values[index] or false end
      if not session.user_id then
        if call('EXISTS', keyOf(id)) == 0 then return nil end
        corrupt('session')
      end
      for _, name in ipairs({'open_time', 'request_time', 'idle_timeout', 'lifetime', 'revision'}) do
        number(session[name], name)
      end
      if session.close_time then number(session.close_time, 'close_time') end
      return session
    end

    local function row(session, hasContents)
      local values = {session.id}
      for index = 1, hasContents and #COLUMNS or FACTS do values[index + 1] = session[COLUMNS[index]] end
      return values
    end

    -- Beyond 2^53 nothing is exact, but all of that lies behind the end of time.
    local function idleEnd(session)
      return math.min(tonumber(session.request_time) + tonumber(session.idle_timeout), LATEST)
    end
    local function lifeEnd(session)
      return math.min(tonumber(session.open_time) + tonumber(session.lifetime), LATEST)
    end
    local function deadline(session) return math.min(idleEnd(session), lifeEnd(session)) end
    local function deadlineReason(session) return idleEnd(session) < lifeEnd(session) and 'idle' or 'lifetime' end
    local function isAlive(session, now) return not session.close_time and now < deadline(session) end

    local function entries(session)
      local part = tag .. (session.close_time and 'closed:' or 'open:')
      local list = {{part .. 'opened', session.open_time}, {part .. 'requested', session.request_time}}
      list[3] = session.close_time and {tag .. 'closings', session.close_time}
        or {tag .. 'deadlines', text(deadline(session))}
      for _, name in ipairs(VALUES) do
        if session[name] then list[#list + 1] = {part .. name .. ':' .. session[name], session.open_time} end
      end
      return list
    end

    -- Moves a session from the indexes of what it was to those of what it is; nil for what is not there.
    local function reindex(old, new)
      local missing = {}
      for _, entry in ipairs(new and entries(new) or {}) do missing[entry[1]] = entry[2] end
      for _, entry in ipairs(old and entries(old) or {}) do
        if not missing[entry[1]] then
          call('ZREM', entry[1], old.id)
        elseif missing[entry[1]] == entry[2] then
          missing[entry[1]] = nil
        end
      end
      for key, score in pairs(missing) do call('ZADD', key, score, new.id) end
    end

    -- Redis forgets by itself what nobody has removed long after its time.
    local function expireLater(session, now)
      local left = session.close_time and 0 or math.max(0, deadline(session) - now)
      call('PEXPIRE', keyOf(session.id), text(left + RETENTION))
    end

    local function put(old, new, now)
      local fields = {}
      for _, name in ipairs(COLUMNS) do
        if new[name] then
          fields[#fields + 1] = name
          fields[#fields + 1] = new[name]
        end
      end
      if old then call('DEL', keyOf(new.id)) end
      call('HSET', keyOf(new.id), 'deadline', text(deadline(new)), unpack(fields))
      expireLater(new, now)
      reindex(old, new)
      tell('s ' .. new.id .. ' ' .. new.revision)
    end

    -- Takes a session that is gone out of the indexes that all are in.
    local function forget(id)
      for _, index in ipairs({'open:opened', 'open:requested', 'deadlines', 'closed:opened', 'closed:requested',
        'closings'}) do
        call('ZREM', tag .. index, id)
      end
    end

    local function delete(session)
      call('DEL', keyOf(session.id))
      reindex(session, nil)
      tell('s ' .. session.id .. ' ' .. GREATEST)
    end

    -- Closes an open session, and answers it as it is then.
    local function close(session, time, reason, actor, isUntold)
      local key, closed = keyOf(session.id), {}
      for name, value in pairs(session) do closed[name] = value end
      -- First, for a full server lets a script go on that has freed something, and closing must go on.
      call('HDEL', key, 'user', 'data', 'carried')
      if session.revision ~= GREATEST then
        call('HINCRBY', key, 'revision', 1)
        closed.revision = call('HGET', key, 'revision')
      end
      closed.close_time, closed.close_reason = time, reason
      closed.user, closed.data, closed.carried = false, false, false
      call('HSET', key, 'close_time', time, 'close_reason', reason)
      expireLater(closed, 0)
      reindex(session, closed)
      recordSession('session.closed', time, session, reason, actor)
      if not isUntold then tell('s ' .. session.id .. ' ' .. closed.revision) end
      return closed
    end

    -- Closes an open session, or ends one whose time was up, as the reaper does; answers it as it is then.
    local function finish(session, now, reason, actor)
      if isAlive(session, now) then return close(session, text(now), reason, actor) end
      return close(session, text(deadline(session)), deadlineReason(session), REAPER)
    end

    """#
}
