/// Service keys, in Lua.
///
/// A service key is a hash `service_key:NUMBER` of readable fields, and the hash `service_key_by_digest` leads to it;
/// the sorted set `service_keys` holds all numbers.
enum ServiceKeyLua {
  /// Adds a service key.
  ///
  /// Arguments: its digest, its fields, the event. Answers its number, nothing if the digest is taken.
  static let insert = #"""
    local digest, fields, event = arg(), hashGiven(), fieldsGiven()
    if call('HEXISTS', tag .. 'service_key_by_digest', digest) == 1 then return false end
    local id = newNumber('service_key')
    fields.digest = digest
    write(tag .. 'service_key:' .. id, fields)
    call('HSET', tag .. 'service_key_by_digest', digest, id)
    call('ZADD', tag .. 'service_keys', id, id)
    recordNew(event, 'key_id', id)
    tell('k')
    publish()
    return id
    """#

  /// The service key of a digest.
  static let find = #"""
    local id = call('HGET', tag .. 'service_key_by_digest', arg())
    if not id then return false end
    return {id, call('HGETALL', tag .. 'service_key:' .. id)}
    """#

  /// Service keys in order.
  ///
  /// Arguments: the number after which they begin, how many.
  static let list = #"""
    local after, found = '(' .. arg(), {}
    for _, id in ipairs(call('ZRANGEBYSCORE', tag .. 'service_keys', after, '+inf', 'LIMIT', 0, arg())) do
      found[#found + 1] = {id, call('HGETALL', tag .. 'service_key:' .. id)}
    end
    return found
    """#

  /// Removes a service key.
  ///
  /// Arguments: number, event. Answers the fields that it had, none if it is missing.
  static let revoke = #"""
    local id, event = arg(), fieldsGiven()
    local fields, flat = hash(tag .. 'service_key:' .. id)
    if not fields then return flat end
    if fields.digest then call('HDEL', tag .. 'service_key_by_digest', fields.digest) end
    call('ZREM', tag .. 'service_keys', id)
    call('DEL', tag .. 'service_key:' .. id)
    record(event)
    tell('k')
    publish()
    return flat
    """#

  /// Moves the last use forward.
  ///
  /// Arguments: number, time.
  static let touch = #"""
    local key, time = tag .. 'service_key:' .. arg(), arg()
    local old = call('HMGET', key, 'created', 'last_used')
    if old[1] and (not old[2] or number(old[2]) < number(time)) then call('HSET', key, 'last_used', time) end
    return 0
    """#
}
