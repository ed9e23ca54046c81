/// What the scripts of accounts and service keys share, in Lua; it follows ``LuaText/ground(isSingle:retention:)``.
///
/// An account is a hash `account:NUMBER` of readable fields, without its password's hash, which is the text
/// `password:NUMBER`. What it has that no other may have leads to it from the hashes `account_by_email`,
/// `account_by_username` and `account_by_link`. The sorted sets `accounts`, `accounts:active`, `accounts:A`,
/// `accounts:A:active` and so on hold numbers in the order of lists, and `closings_due` those of accounts that owe the
/// closing of their sessions. All of it changes in one step.
enum AccountLua {
  /// Fields of hashes, numbers that are given once, and events.
  static let fields = #"""
    local function hash(key)
      local flat = call('HGETALL', key)
      if #flat == 0 then return nil, flat end
      local fields = {}
      for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
      return fields, flat
    end

    local function hashGiven()
      local flat, fields = fieldsGiven(), {}
      for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
      return fields
    end

    local function write(key, fields)
      for name, value in pairs(fields) do call('HSET', key, name, value) end
    end

    -- A number never given before, as text: in Lua it would be rounded beyond 53 bits. Another server, or one that has
    -- started again, may have lost the last numbers that were given. Sessions may be left of such an account, and must
    -- not become somebody else's, so numbers go on well above.
    local function newNumber(kind)
      local numbers = tag .. 'numbers'
      local server = string.match(call('INFO', 'server'), 'run_id:(%w+)') or ''
      local known = call('HGET', numbers, 'server')
      if known ~= server then
        if known then
          call('HINCRBY', numbers, 'account', 10000)
          call('HINCRBY', numbers, 'service_key', 10000)
        end
        call('HSET', numbers, 'server', server)
      end
      call('HINCRBY', numbers, kind, 1)
      local number = call('HGET', numbers, kind)
      -- Sorted sets order by floating point.
      if #number > 15 then corrupt('numbers') end
      return number
    end

    -- Records the event of something whose number was not known before.
    local function recordNew(event, member, number)
      event[#event + 1] = member
      event[#event + 1] = number
      record(event)
    end

    """#

  /// Keeping the indexes, and what they say.
  static let indexes = #"""
    -- One text for each pair of issuer and subject, whatever is in them.
    local function links(fields)
      local list = {}
      for i = 1, tonumber(fields.links) or 0 do
        local issuer, subject = fields['link' .. i .. '_issuer'] or '', fields['link' .. i .. '_subject'] or ''
        list[i] = #issuer .. ':' .. issuer .. subject
      end
      return list
    end

    local function lists(fields)
      local level, activity = fields.level or '', fields.is_active == '1' and 'active' or 'inactive'
      return {'accounts', 'accounts:' .. activity, 'accounts:' .. level, 'accounts:' .. level .. ':' .. activity}
    end

    local function enter(fields, id)
      if fields.email_key then call('HSET', tag .. 'account_by_email', fields.email_key, id) end
      if fields.username then call('HSET', tag .. 'account_by_username', fields.username, id) end
      for _, link in ipairs(links(fields)) do call('HSET', tag .. 'account_by_link', link, id) end
      for _, list in ipairs(lists(fields)) do call('ZADD', tag .. list, id, id) end
    end

    local function leave(fields, id)
      if fields.email_key then call('HDEL', tag .. 'account_by_email', fields.email_key) end
      if fields.username then call('HDEL', tag .. 'account_by_username', fields.username) end
      for _, link in ipairs(links(fields)) do call('HDEL', tag .. 'account_by_link', link) end
      for _, list in ipairs(lists(fields)) do call('ZREM', tag .. list, id) end
    end

    -- What of a profile belongs to another account than `id`; a link that it names twice counts as such.
    local function taken(fields, id)
      local function belongsToOther(index, name)
        local owner = call('HGET', tag .. index, name)
        return owner and owner ~= id
      end
      if fields.email_key and belongsToOther('account_by_email', fields.email_key) then return 'email' end
      if fields.username and belongsToOther('account_by_username', fields.username) then return 'username' end
      local seen = {}
      for _, link in ipairs(links(fields)) do
        if seen[link] or belongsToOther('account_by_link', link) then return 'links' end
        seen[link] = true
      end
      return nil
    end

    local function isChief(fields) return fields.level == 'A' and fields.is_active == '1' end

    local function hasChiefBesides(id)
      local chiefs = call('ZRANGE', tag .. 'accounts:A:active', 0, 1)
      return #chiefs > 1 or #chiefs == 1 and chiefs[1] ~= id
    end

    """#
}
