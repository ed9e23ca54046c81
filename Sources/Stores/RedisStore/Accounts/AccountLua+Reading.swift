/// The reading verbs of accounts. None looks at more than it is told to, so that no list keeps others waiting.
extension AccountLua {
  /// The fields of the account that an index leads to.
  ///
  /// Arguments: the index, the name in it.
  static let find = #"""
    local id = call('HGET', tag .. arg(), arg())
    if not id then return false end
    return {id, call('HGETALL', tag .. 'account:' .. id)}
    """#

  /// A part of a walk along a list.
  ///
  /// Arguments: the list, whether it goes down, the place in front of the part if any, how many numbers are looked at,
  /// how many accounts are answered, and, if asked, whether verified, from when, before when; at last whether the
  /// accounts come along.
  ///
  /// Answers the last number looked at (nothing at the end), how many matched, and those.
  static let walk = #"""
    local list, isDown, after, looked, wanted = tag .. arg(), arg() == '1', optional(), arg(), tonumber(arg())
    local verified, from, before, brings = optional(), tonumber(optional()), tonumber(optional()), arg() == '1'
    local place, ids = after and '(' .. after, nil
    if isDown then
      ids = call('ZREVRANGEBYSCORE', list, place or '+inf', '-inf', 'LIMIT', 0, looked)
    else
      ids = call('ZRANGEBYSCORE', list, place or '-inf', '+inf', 'LIMIT', 0, looked)
    end
    local count, last, found = 0, '', {}
    for _, id in ipairs(ids) do
      local facts = call('HMGET', tag .. 'account:' .. id, 'is_verified', 'created', 'level')
      local created = tonumber(facts[2])
      -- What can't be read is answered, so that whoever reads it says so.
      local isReadable = facts[1] and created
      local matches = (facts[1] or facts[2] or facts[3]) and (not isReadable or
        (not verified or facts[1] == verified) and (not from or created >= from)
        and (not before or created < before))
      last = id
      if matches then
        count = count + 1
        if brings then found[#found + 1] = {id, call('HGETALL', tag .. 'account:' .. id)} end
        if count == wanted then return {last, count, found} end
      end
    end
    if #ids < tonumber(looked) then last = '' end
    return {last, count, found}
    """#

  /// Accounts that owe the closing of their sessions.
  ///
  /// Arguments: the number after which they begin if any, how many.
  static let due = #"""
    local after, found = optional(), {}
    local place = after and '(' .. after or '-inf'
    for _, id in ipairs(call('ZRANGEBYSCORE', tag .. 'closings_due', place, '+inf', 'LIMIT', 0, arg())) do
      local due = call('HMGET', tag .. 'account:' .. id, 'closing_due', 'closing_except')
      found[#found + 1] = {id, due[1] or '', due[2] or ''}
    end
    return found
    """#

  /// What lists of sessions show of accounts.
  ///
  /// Arguments: their numbers. Answers of each the fields of ``AccountHash/holderFields``, all null if it is missing.
  static let holders = #"""
    local found = {}
    for i, id in ipairs(ARGV) do
      found[i] = call('HMGET', tag .. 'account:' .. id,
        'created', 'username', 'email', 'email_key', 'first_name', 'last_name')
    end
    return found
    """#
}
