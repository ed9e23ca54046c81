/// The writing verbs of accounts, each one script: all that is looked at before a change is looked at in the step that
/// writes, so that nothing comes in between.
///
/// Redis takes nothing back when a script fails midway. What can fail, which is counting beyond what numbers hold,
/// therefore comes before anything else is written.
extension AccountLua {
  /// Adds an account.
  ///
  /// Arguments: its fields, its password if it has one, the event, and the event if it becomes the first administrator.
  /// Answers "inserted", its number and its level, or "taken" and what.
  static let insert = #"""
    local fields, password, event, firstEvent = hashGiven(), optional(), fieldsGiven(), fieldsGiven()
    local member = taken(fields, '')
    if member then return {'taken', member} end
    if fields.is_active == '1' and not hasChiefBesides('') then fields.level, event = 'A', firstEvent end
    local id = newNumber('account')
    fields.has_password, fields.revision = password and '1' or '0', '1'
    write(tag .. 'account:' .. id, fields)
    if password then call('SET', tag .. 'password:' .. id, password) end
    enter(fields, id)
    recordNew(event, 'user_id', id)
    tell('a ' .. id)
    publish()
    return {'inserted', id, fields.level}
    """#

  /// Adds an account under the number that it had elsewhere.
  ///
  /// Arguments: number, fields, password if it has one. Answers "added", "number" and when the account that has it was
  /// created, or "taken" and what.
  static let move = #"""
    local id, fields, password = arg(), hashGiven(), optional()
    local other = hash(tag .. 'account:' .. id)
    if other then return {'number', other.created or ''} end
    local member = taken(fields, id)
    if member then return {'taken', member} end
    local last = call('HGET', tag .. 'numbers', 'account') or '0'
    if isLess(last, id) then call('HSET', tag .. 'numbers', 'account', id) end
    write(tag .. 'account:' .. id, fields)
    if password then call('SET', tag .. 'password:' .. id, password) end
    if fields.closing_due then call('ZADD', tag .. 'closings_due', id, id) end
    enter(fields, id)
    tell('a ' .. id)
    publish()
    return {'added'}
    """#

  /// Replaces a profile.
  ///
  /// Arguments: number, revision, the fields, the event or none. Answers "replaced" and the new revision, or why not.
  static let replace = #"""
    local id, revision, fields, event = arg(), arg(), hashGiven(), fieldsGiven()
    local key = tag .. 'account:' .. id
    local old = hash(key)
    if not old then return {'missing'} end
    if old.revision ~= revision then return {'conflict'} end
    if isChief(old) and not isChief(fields) and not hasChiefBesides(id) then return {'lastAdministrator'} end
    local member = taken(fields, id)
    if member then return {'taken', member} end
    call('HINCRBY', key, 'revision', 1)
    for name in pairs(old) do
      local stays = name == 'revision' or name == 'created' or name == 'has_password'
        or name == 'closing_due' or name == 'closing_except'
      if not stays and not fields[name] then call('HDEL', key, name) end
    end
    write(key, fields)
    leave(old, id)
    enter(fields, id)
    if fields.is_active ~= '1' then
      call('HSET', key, 'closing_due', '1')
      call('HDEL', key, 'closing_except')
      call('ZADD', tag .. 'closings_due', id, id)
    end
    if #event > 0 then record(event) end
    tell('a ' .. id)
    publish()
    return {'replaced', call('HGET', key, 'revision')}
    """#

  /// Sets a password.
  ///
  /// Arguments: number, the new hash, the one that there must be now if any, whether sessions must end, the one that
  /// may go on if any, the event or none. Answers 1 if it did, 0 if not.
  static let setPassword = #"""
    local id, password, current, isDue, except, event = arg(), arg(), optional(), arg(), optional(), fieldsGiven()
    local key = tag .. 'account:' .. id
    local old = hash(key)
    if not old or call('GET', tag .. 'password:' .. id) ~= current then return 0 end
    local spared = old.closing_except
    if spared and not (#spared == 26 and string.find(spared, '^[0-7][0-9a-hjkmnp-tv-z]+$')) then
      corrupt('closing_except')
    end
    call('HINCRBY', key, 'revision', 1)
    call('SET', tag .. 'password:' .. id, password)
    call('HSET', key, 'has_password', '1')
    if isDue == '1' then
      -- A session goes on only if both debts let it.
      if old.closing_due == '1' and spared ~= except then except = false end
      call('HSET', key, 'closing_due', '1')
      if except then call('HSET', key, 'closing_except', except) else call('HDEL', key, 'closing_except') end
      call('ZADD', tag .. 'closings_due', id, id)
    end
    if #event > 0 then record(event) end
    tell('a ' .. id)
    publish()
    return 1
    """#

  /// Removes an account that is still as it was read.
  ///
  /// Arguments: number, revision, event. Answers what became of it.
  static let remove = #"""
    local id, revision, event = arg(), arg(), fieldsGiven()
    local old = hash(tag .. 'account:' .. id)
    if not old then return 'missing' end
    if old.revision ~= revision then return 'conflict' end
    if isChief(old) and not hasChiefBesides(id) then return 'lastAdministrator' end
    leave(old, id)
    call('ZREM', tag .. 'closings_due', id)
    call('DEL', tag .. 'account:' .. id, tag .. 'password:' .. id)
    record(event)
    tell('a ' .. id)
    publish()
    return 'removed'
    """#

  /// Takes a debt away, if it is still this one.
  ///
  /// Arguments: number, the session that may go on if any.
  static let settle = #"""
    local id, except = arg(), optional()
    local key = tag .. 'account:' .. id
    local due = call('HMGET', key, 'closing_due', 'closing_except')
    if due[1] ~= '1' or due[2] ~= except then return 0 end
    call('HDEL', key, 'closing_due', 'closing_except')
    call('ZREM', tag .. 'closings_due', id)
    tell('a ' .. id)
    publish()
    return 1
    """#
}
