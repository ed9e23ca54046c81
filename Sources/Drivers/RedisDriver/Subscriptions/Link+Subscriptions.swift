extension Link {
  /// Listens to a channel from now on.
  func hear(_ channel: Channel) {
    channel.link = self
    channels[channel.name] = channel
    switch state {
    case .idle:
      state = .trying
      beginAttempt()
    case .up: ask(for: channel)
    case .trying, .down: break
    }
  }

  /// Listens to a channel no more.
  func leave(_ channel: Channel) {
    channel.link = nil
    guard channels.removeValue(forKey: channel.name) != nil else { return }
    if channels.isEmpty { return close() }
    guard isUp, let connection else { return }
    leaving[channel.name, default: 0] += 1
    let verb: RedisArgument = engine.settings.isCluster ? "SUNSUBSCRIBE" : "UNSUBSCRIBE"
    connection.ask(nil, at: engine.now) { $0.appendCommand([verb, RedisArgument(channel.name)]) }
  }

  func subscribeAll() {
    lastPing = engine.now
    for channel in channels.values { ask(for: channel) }
  }

  private func ask(for channel: Channel) {
    let verb: RedisArgument = engine.settings.isCluster ? "SSUBSCRIBE" : "SUBSCRIBE"
    connection?.ask(.channel(channel.name), at: engine.now) {
      $0.appendCommand([verb, RedisArgument(channel.name)])
    }
  }

  /// Asks for a sign of life now and then: a connection that says nothing may be dead.
  func pingIfQuiet() {
    guard isUp, let connection, lastPing + Self.pingPause <= engine.now else { return }
    lastPing = engine.now
    connection.ask(.ping, at: engine.now) { $0.appendCommand(["PING"]) }
  }

  /// The connection is lost, and with it what is published meanwhile.
  func loseChannels() {
    for channel in channels.values { channel.lose() }
  }

  /// Something came over a connection that listens
  /// (https://redis.io/docs/latest/develop/interact/pubsub/#format-of-pushed-messages).
  func heard(_ reply: RedisReply, on connection: Connection) throws(RedisError) {
    switch reply {
    case .array(let words):
      guard let kind = words.first?.asText else { throw unasked }
      switch (kind, words.count) {
      case ("message", 3), ("smessage", 3):
        guard let name = words[1].asBytes, let payload = words[2].asBytes else { throw unasked }
        guard let channel = channels[name], channel.isHeard else { return }
        channel.tell(.message(channel: channel.text, payload: payload))
      case ("subscribe", 3), ("ssubscribe", 3):
        guard case .channel(let name) = connection.expected.popFirst()?.kind, words[1].asBytes == name else {
          throw unasked
        }
        guard let channel = channels[name], leaving[name] == nil, !channel.isHeard else { return }
        channel.isHeard = true
        channel.tell(.subscribed(channel: channel.text))
      case ("unsubscribe", 3), ("sunsubscribe", 3):
        guard let name = words[1].asBytes else { return }
        left(name)
      case ("pong", _): try answered(connection)
      default: throw unasked
      }
    case .status: try answered(connection)
    case .error(let code, let text): try refused(code, text, on: connection)
    default: throw unasked
    }
  }

  private func answered(_ connection: Connection) throws(RedisError) {
    guard case .ping = connection.expected.popFirst()?.kind else { throw unasked }
  }

  /// The server does not send the channel any more: because it was told so, or because the slot has moved.
  private func left(_ name: [UInt8]) {
    if let count = leaving[name] {
      leaving[name] = count > 1 ? count - 1 : nil
      // It was given up and taken back before the server said so: the order of the two is not worth knowing.
      if count == 1, let channel = channels[name] { ask(for: channel) }
    } else if let channel = channels[name] {
      release(channel)
    }
  }

  private func refused(_ code: String, _ text: String, on connection: Connection) throws(RedisError) {
    switch connection.expected.popFirst()?.kind {
    case .channel(let name):
      if let channel = channels[name] { release(channel) }
    case .ping: return
    default: throw RedisError(.garbled, "\(server.address) refuses what it was not asked: \(text)", serverCode: code)
    }
  }

  /// Gives a channel up that this server does not send.
  private func release(_ channel: Channel) {
    channel.lose()
    channel.link = nil
    channels[channel.name] = nil
    engine.assignSoon()
  }

  private var unasked: RedisError { RedisError(.garbled, "\(server.address) says what it was not asked.") }
}
