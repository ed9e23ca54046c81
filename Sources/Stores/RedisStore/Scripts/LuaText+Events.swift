extension LuaText {
  /// Adds entries to the log, which is of this partition, and answers the last number.
  static let append = #"""
    for _ = 1, tonumber(arg()) do appendToLog(fieldsGiven()) end
    return call('GET', tag .. 'log:last')
    """#

  /// Removes the beginning of the log: whether that was all, and how many.
  static let purgeEvents = #"""
    local time, limit = number(arg()), tonumber(arg())
    local last = call('XREVRANGE', tag .. 'log', '+', '-', 'COUNT', 1)[1]
    local removed, edge = 0, nil
    for _, entry in ipairs(last and call('XRANGE', tag .. 'log', '-', '+', 'COUNT', limit) or {}) do
      local fields, told = entry[2], nil
      for index = 1, #fields, 2 do
        if fields[index] == 'time' then told = number(fields[index + 1]) end
      end
      if not told then corrupt('event') end
      if told >= time or entry[1] == last[1] then break end
      removed, edge = removed + 1, entry[1]
    end
    if edge then call('XTRIM', tag .. 'log', 'MINID', string.gsub(edge, '%-0$', '-1') .. '') end
    return {removed < limit and 1 or 0, removed}
    """#

  /// Lets go of what the log has got from this partition, and hands out what it has not.
  static let collect = #"""
    local delivered, limit = arg(), tonumber(arg())
    if delivered ~= '' then
      local time, number = string.match(delivered, '^(%d+)-(%d+)$')
      call('XTRIM', tag .. 'outbox', 'MINID', time .. '-' .. text(tonumber(number) + 1))
    end
    return call('XRANGE', tag .. 'outbox', '-', '+', 'COUNT', limit)
    """#

  /// Adds partitions' entries to the log, those that it has not got yet, and answers up to where it has each one's.
  static let deliver = #"""
    local function parts(id)
      local time, number = string.match(id, '^(%d+)-(%d+)$')
      return tonumber(time), tonumber(number)
    end
    local answer = {}
    for index = 1, tonumber(arg()) do
      local partition = arg()
      local delivered = call('HGET', tag .. 'delivered', partition) or '0-0'
      local lastTime, lastNumber = parts(delivered)
      for _ = 1, tonumber(arg()) do
        local id, fields = arg(), fieldsGiven()
        local time, number = parts(id)
        if time > lastTime or (time == lastTime and number > lastNumber) then
          appendToLog(fields)
          delivered, lastTime, lastNumber = id, time, number
        end
      end
      call('HSET', tag .. 'delivered', partition, delivered)
      answer[index] = delivered
    end
    return answer
    """#
}
