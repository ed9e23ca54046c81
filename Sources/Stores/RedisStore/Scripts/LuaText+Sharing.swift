extension LuaText {
  /// Notes the version and the number of partitions where none are noted, if that is allowed; answers what is there.
  static let open = #"""
    local version, partitions, migrates = arg(), arg(), arg() == '1'
    local found = call('HMGET', tag .. 'meta', 'version', 'partitions')
    if not found[1] and migrates then
      call('HSET', tag .. 'meta', 'version', version, 'partitions', partitions)
      found = {version, partitions}
    end
    return {found[1] or '0', found[2] or '0'}
    """#

  /// Sends a heartbeat along the partition's lane.
  ///
  /// It writes, too: a primary that the others have given up and that takes no writes any more can't send one.
  static let heartbeat = #"""
    local beat = arg()
    -- A full server lets a script go on that has freed something.
    call('DEL', tag .. 'heartbeat')
    call('SET', tag .. 'heartbeat', beat)
    tell('h ' .. beat)
    publish()
    return 1
    """#

  /// Sends a note along the partition's lane, and nothing else.
  static let sign = #"""
    tell(arg())
    publish()
    return 1
    """#

  /// Takes a task, or keeps it: 1 if the holder has it.
  static let holdTask = #"""
    local key, holder, duration = tag .. 'task:' .. arg(), arg(), arg()
    local found = call('GET', key)
    if found and found ~= holder then return 0 end
    call('SET', key, holder, 'PX', duration)
    return 1
    """#

  /// Gives a task back.
  static let releaseTask = #"""
    local key, holder = tag .. 'task:' .. arg(), arg()
    if call('GET', key) == holder then call('DEL', key) end
    return 1
    """#
}
