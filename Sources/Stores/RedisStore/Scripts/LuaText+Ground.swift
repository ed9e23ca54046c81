/// The texts of the scripts, in parts that are put together.
///
/// Every script works on the keys of one partition, whose hash tag is its first key: `{sesame}` on one server,
/// `{sesame:p7}` in a Cluster. Keys below it are made in the script, because their names are found in what is stored.
/// Numbers in Lua are floating point: times are exact there, revisions are not, and stay decimal text.
enum LuaText {
  /// What every script begins with: arguments, notes and the event log.
  ///
  /// Arguments that may be missing are empty text for a missing one, and have "=" before the value otherwise.
  static func ground(isSingle: Bool, retention: Int64) -> String {
    """
    local SINGLE, RETENTION = \(isSingle), \(retention)

    """ + groundRules
  }

  private static let groundRules = #"""
    local LATEST, GREATEST = 253402300799999, '9223372036854775807'
    local call = redis.call
    local tag = KEYS[1] .. ':'

    local function text(number) return string.format('%.0f', number) end

    local function corrupt(what) error('unreadable ' .. what) end

    local function number(value, what)
      if not value or not string.find(value, '^%-?%d+$') then corrupt(what or 'number') end
      return tonumber(value)
    end

    local position = 0
    local function arg()
      position = position + 1
      return ARGV[position]
    end
    local function optional()
      local value = arg()
      return value ~= '' and string.sub(value, 2)
    end
    local function fieldsGiven()
      local fields = {}
      for index = 1, tonumber(arg()) do fields[index] = arg() end
      return fields
    end

    -- The order of bytes: Lua's own goes by the locale.
    local function isBefore(left, right)
      for index = 1, math.min(#left, #right) do
        local a, b = string.byte(left, index), string.byte(right, index)
        if a ~= b then return a < b end
      end
      return #left < #right
    end

    -- Whether a decimal text is the smaller number, whatever its length.
    local function isLess(left, right)
      local isLeftNegative, isRightNegative = string.sub(left, 1, 1) == '-', string.sub(right, 1, 1) == '-'
      if isLeftNegative ~= isRightNegative then return isLeftNegative end
      if isLeftNegative then left, right = right, left end
      if #left ~= #right then return #left < #right end
      return isBefore(left, right)
    end

    local notes = {}
    local function tell(note) notes[#notes + 1] = note end
    local function publish()
      if #notes > 0 then call(SINGLE and 'PUBLISH' or 'SPUBLISH', tag .. 'notes', table.concat(notes, '\n')) end
    end

    -- Numbers follow the server's clock, so that a server which has lost its last writes gives none of theirs again.
    local function appendToLog(fields)
      local time = call('TIME')
      local last = tonumber(call('GET', tag .. 'log:last') or '0')
      local next = math.max(last + 1, tonumber(time[1]) * 1000000 + tonumber(time[2]))
      call('XADD', tag .. 'log', text(next) .. '-0', unpack(fields))
      call('SET', tag .. 'log:last', text(next))
    end

    -- Adds an entry to the event log; in a Cluster, to what the log gets from this partition.
    local function record(fields)
      if SINGLE then appendToLog(fields) else call('XADD', tag .. 'outbox', '*', unpack(fields)) end
    end

    local function actorGiven() return {arg(), optional(), optional(), optional()} end
    local ACTOR = {'actor_kind', 'actor_name', 'address', 'request_id'}
    local REAPER, POLICY = {'reaper'}, {'policy'}

    local function recordSession(kind, time, session, reason, actor)
      local fields = {'kind', kind, 'time', time, 'session_id', session.id, 'user_id', session.user_id}
      if reason then
        fields[#fields + 1] = 'reason'
        fields[#fields + 1] = reason
      end
      for index, name in ipairs(ACTOR) do
        if actor[index] then
          fields[#fields + 1] = name
          fields[#fields + 1] = actor[index]
        end
      end
      record(fields)
    end

    """#
}
