extension LuaText {
  /// How sessions are found.
  ///
  /// A search has arms: a part of the sessions each, open or closed. An arm is gathered whole and sorted where an
  /// index leads to few, and else walked along an index that has the order asked for. All arms are merged in one
  /// step of the server, so that a session that is closed meanwhile is met once. An entry that is not borne out by its
  /// session is taken out of its index.
  static let search = #"""
    local FEW, CHUNK = 1000, 100
    local looked = 0
    local wrong = {}

    local function filterGiven()
      local filter = {alive = arg(), values = {}}
      for _, name in ipairs({'user_id', 'kind', 'status', 'address', 'client'}) do
        local value = optional()
        if value then filter.values[#filter.values + 1] = {name, value} end
      end
      for _, name in ipairs({'opened', 'requested'}) do
        local from, before = optional(), optional()
        filter[name] = {from = from and number(from) or nil, before = before and number(before) or nil}
      end
      return filter
    end

    local function isWithin(range, time)
      return (not range.from or time >= range.from) and (not range.before or time < range.before)
    end

    local function matches(filter, session, want, now)
      for _, pair in ipairs(filter.values) do
        if session[pair[1]] ~= pair[2] then return false end
      end
      if want == 'live' and not isAlive(session, now) then return false end
      if want == 'expired' and isAlive(session, now) then return false end
      return isWithin(filter.opened, tonumber(session.open_time))
        and isWithin(filter.requested, tonumber(session.request_time))
    end

    -- The indexes that lead to what an arm is about, each with how many entries it has within the filter's range.
    local function paths(filter, arm, now)
      local list, part = {}, tag .. arm.part .. ':'
      local function add(key, time, name, value)
        local range = filter[time] or {before = now + 1}
        local path = {key = key, time = time, name = name, value = value}
        path.from = range.from and text(range.from) or '-inf'
        path.before = range.before and '(' .. text(range.before) or '+inf'
        path.count = call('ZCOUNT', key, path.from, path.before)
        list[#list + 1] = path
      end
      for _, pair in ipairs(filter.values) do
        if SINGLE or pair[1] ~= 'user_id' then add(part .. pair[1] .. ':' .. pair[2], 'opened', pair[1], pair[2]) end
      end
      if arm.want == 'expired' then add(tag .. 'deadlines', 'deadline') end
      add(part .. 'opened', 'opened')
      add(part .. 'requested', 'requested')
      return list
    end

    local function shortest(list, time)
      local best
      for _, path in ipairs(list) do
        if (not time or path.time == time) and (not best or path.count < best.count) then best = path end
      end
      return best
    end

    local TIMES = {opened = 'open_time', requested = 'request_time'}
    local function timeOf(session, time)
      return time == 'deadline' and deadline(session) or tonumber(session[TIMES[time]])
    end

    -- The session of an entry, if it is there and belongs in that place.
    local function look(path, arm, id, score)
      looked = looked + 1
      local session = load(id, false)
      if not session then
        wrong[#wrong + 1] = {path.key, id, true}
        return nil
      end
      local isClosed = session.close_time ~= false
      if isClosed ~= (arm.part == 'closed') or (path.name and session[path.name] ~= path.value) then
        wrong[#wrong + 1] = {path.key, id, false}
        return nil
      end
      return timeOf(session, path.time) == score and session or nil
    end

    -- Only at the end, for a walk goes by places in an index. A server without room may refuse nothing here.
    local function repair()
      for _, entry in ipairs(wrong) do
        call('ZREM', entry[1], entry[2])
        if entry[3] then forget(entry[2]) end
      end
    end

    local function precedes(left, right, isDescending)
      if isDescending then left, right = right, left end
      if left.time ~= right.time then return left.time < right.time end
      return isBefore(left.id, right.id)
    end

    -- A source of the sessions that one short path leads to, sorted.
    local function gathered(filter, arm, path, order, isDescending, after, now)
      local found = {}
      local ids = call('ZRANGEBYSCORE', path.key, path.from, path.before, 'WITHSCORES')
      for index = 1, #ids, 2 do
        local session = look(path, arm, ids[index], tonumber(ids[index + 1]))
        if session and matches(filter, session, arm.want, now) then
          local entry = {time = timeOf(session, order), id = session.id, session = session}
          if not after or precedes(after, entry, isDescending) then found[#found + 1] = entry end
        end
      end
      table.sort(found, function(left, right) return precedes(left, right, isDescending) end)
      local place = 0
      return function()
        place = place + 1
        return found[place]
      end
    end

    -- The place of the first entry of an index that is not before a time and id, or that is behind it.
    local function place(key, cursor, isBehind)
      local low = call('ZCOUNT', key, '-inf', '(' .. text(cursor.time))
      local high = low + call('ZCOUNT', key, text(cursor.time), text(cursor.time))
      while low < high do
        local middle = math.floor((low + high) / 2)
        local id = call('ZRANGE', key, middle, middle)[1]
        if isBefore(id, cursor.id) or (isBehind and id == cursor.id) then low = middle + 1 else high = middle end
      end
      return low
    end

    -- A source of the entries of one path that has the order asked for.
    local function walked(path, isDescending, after)
      local low = path.from == '-inf' and 0 or call('ZCOUNT', path.key, '-inf', '(' .. path.from)
      local high = low + path.count
      if after and isDescending then high = math.min(high, place(path.key, after, false)) end
      if after and not isDescending then low = math.max(low, place(path.key, after, true)) end
      local chunk, at = {}, 1
      return function()
        if at > #chunk then
          if low >= high then return nil end
          if isDescending then
            local first = math.max(low, high - CHUNK)
            chunk = call('ZRANGE', path.key, first, high - 1, 'WITHSCORES')
            high = first
          else
            local last = math.min(high, low + CHUNK)
            chunk = call('ZRANGE', path.key, low, last - 1, 'WITHSCORES')
            low = last
          end
          at = 1
          if #chunk == 0 then return nil end
        end
        local index = isDescending and #chunk - at or at
        at = at + 2
        return {id = chunk[index], time = tonumber(chunk[index + 1])}
      end
    end

    local OPEN, CLOSED, LIVE, EXPIRED = {part = 'open'}, {part = 'closed'}, {part = 'open', want = 'live'},
      {part = 'open', want = 'expired'}

    -- Finds at most so many sessions that match after a place: whether that was all, how far it came, and they.
    local function search(filter, order, isDescending, after, limit, now, most)
      local arms = filter.isOpen and {OPEN} or filter.alive == '1' and {LIVE}
        or filter.alive == '0' and {CLOSED, EXPIRED} or {OPEN, CLOSED}
      local sources, found, passed = {}, {}, 0
      for index, arm in ipairs(arms) do
        local list = paths(filter, arm, now)
        local best, inOrder = shortest(list), shortest(list, order)
        local source = {arm = arm, path = inOrder}
        if best.count < inOrder.count and best.count <= FEW then
          source.next = gathered(filter, arm, best, order, isDescending, after, now)
        else
          source.next = walked(inOrder, isDescending, after)
        end
        source.head = source.next()
        sources[index] = source
      end
      local reached = after
      while true do
        local first
        for _, source in ipairs(sources) do
          if source.head and (not first or precedes(source.head, first.head, isDescending)) then first = source end
        end
        if not first then return true, reached, found end
        if #found >= limit or passed >= most then return false, reached, found end
        local entry = first.head
        local session = entry.session
        if not session then
          passed = passed + 1
          session = look(first.path, first.arm, entry.id, entry.time)
          if session and not matches(filter, session, first.arm.want, now) then session = nil end
        end
        if session then found[#found + 1] = session end
        reached = entry
        first.head = first.next()
      end
    end

    local function afterGiven()
      local time, id = arg(), arg()
      return time ~= '' and {time = number(time), id = id} or nil
    end

    """#

  /// One stretch of a list: whether it is the end, where it got to, and the sessions that match.
  static let page = #"""
    local now, filter, order, isDescending, after = number(arg()), filterGiven(), arg(), arg() == '1', afterGiven()
    local limit, hasContents = tonumber(arg()), arg() == '1'
    local isAll, reached, found = search(filter, order, isDescending, after, limit, now, 1000)
    local rows = {}
    for index, session in ipairs(found) do
      local values = row(session, false)
      if hasContents then
        for _, value in ipairs(call('HMGET', keyOf(session.id), 'user', 'data', 'carried')) do
          values[#values + 1] = value
        end
      end
      rows[index] = values
    end
    repair()
    return {isAll and 1 or 0, reached and text(reached.time) or '', reached and reached.id or '', rows}
    """#

  /// Closes open sessions that match, those opened first first: whether that was all, where it got to, and they.
  ///
  /// With ids it looks at these alone.
  static let closeMatching = #"""
    local now, filter, after, limit = number(arg()), filterGiven(), afterGiven(), tonumber(arg())
    local excluded, reason, actor = optional(), arg(), actorGiven()
    local ids = fieldsGiven()
    local isAll, reached, found = true, nil, {}
    if #ids > 0 then
      for _, id in ipairs(ids) do
        local session = #found < limit and load(id, false)
        if session and not session.close_time and matches(filter, session, nil, now) then
          found[#found + 1] = session
        end
      end
    else
      filter.isOpen = true
      isAll, reached, found = search(filter, 'opened', false, after, limit, now, 1000)
    end
    local rows = {}
    for _, session in ipairs(found) do
      if session.id ~= excluded then rows[#rows + 1] = row(finish(session, now, reason, actor), true) end
    end
    repair()
    publish()
    return {isAll and 1 or 0, reached and text(reached.time) or '', reached and reached.id or '', rows}
    """#

  /// Counts, from an arm and a place on: how many, and where to go on, or nothing if that was all.
  ///
  /// Up to a thousand entries are looked at, one by one; more are counted by the index alone where it says it all.
  static let count = #"""
    local now, filter, first, key, after = number(arg()), filterGiven(), tonumber(arg()), arg(), afterGiven()
    local isAsked = #filter.values > 0 or next(filter.opened) or next(filter.requested)
    local arms = filter.alive == '1' and {OPEN, EXPIRED} or filter.alive == '0' and {CLOSED, EXPIRED} or {OPEN, CLOSED}
    local signs = filter.alive == '1' and {1, -1} or {1, 1}

    local function isServed(arm, path)
      if arm.want then return path.time == 'deadline' and not isAsked end
      local other = path.time == 'opened' and filter.requested or filter.opened
      return #filter.values == (path.name and 1 or 0) and not other.from and not other.before
    end

    local function countArm(arm)
      local list = paths(filter, arm, now)
      local best = shortest(list)
      if key == '' and best.count <= FEW then
        local count, entries = 0, gathered(filter, arm, best, 'opened', false, nil, now)
        while entries() do count = count + 1 end
        return count
      end
      if key == '' and isServed(arm, best) then return best.count end
      for _, path in ipairs(list) do
        if path.key == key then best = path end
      end
      local count, entries = 0, walked(best, false, after)
      local entry = entries()
      while entry do
        if looked >= 1000 then return count, best.key, after end
        local session = look(best, arm, entry.id, entry.time)
        if session and matches(filter, session, arm.want, now) then count = count + 1 end
        after, entry = entry, entries()
      end
      return count
    end

    local total = 0
    for index = first, #arms do
      local count, stopped, place = countArm(arms[index])
      total = total + signs[index] * count
      if stopped or (index < #arms and looked >= 1000) then
        repair()
        if not stopped then return {total, index + 1, '', '', ''} end
        return {total, index, stopped, place and text(place.time) or '', place and place.id or ''}
      end
      key, after = '', nil
    end
    repair()
    return {total}
    """#
}
