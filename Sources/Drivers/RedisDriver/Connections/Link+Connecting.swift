extension Link {
  /// Begins to connect, to the first address of the host that answers.
  func beginAttempt() {
    nextAttempt = .never
    attempt = Attempt(begin: engine.now, addresses: nil)
    guard let addresses = engine.addresses(of: server.address) else { return }
    attempt?.addresses = addresses[...]
    connectNext()
  }

  /// Goes on with an attempt when the host's addresses are known.
  func resolved(_ addresses: [SocketAddress]) {
    guard attempt != nil, attempt?.addresses == nil else { return }
    attempt?.addresses = addresses[...]
    connectNext()
  }

  private func connectNext(after error: RedisError? = nil) {
    var error = error
    while let address = attempt?.addresses?.popFirst() {
      do throws(RedisError) {
        connection = try Connection(to: address, largestReply: engine.settings.largestReply, at: engine.now)
        return
      } catch let failure { error = failure }
    }
    failAttempt(error ?? RedisError(.unreachable, "The host \(server.address.host) has no address."))
  }

  /// The system has connected, or has given up.
  func connected() {
    guard let connection, connection.phase == .connecting else { return }
    let number = connection.socket.connectError()
    guard number == 0 else {
      self.connection = nil
      return connectNext(after: RedisError(.unreachable, "\(server.address) refuses the connection (error \(number))."))
    }
    connection.phase = .greeting
    for (step, words) in Greeting.steps(engine.settings) {
      connection.ask(.greeting(step), at: engine.now) { $0.appendCommand(words) }
    }
  }

  /// An answer to the greeting came.
  func greeted(_ reply: RedisReply, on connection: Connection) throws(RedisError) {
    guard case .greeting(let step) = connection.expected.popFirst()?.kind else {
      throw RedisError(.garbled, "\(server.address) answers what it was not asked.")
    }
    try step.check(reply)
    guard connection.expected.isEmpty else { return }
    connection.phase = .ready
    attempt = nil
    nextAttempt = .never
    state = .up
    isOutdated = false
    lastUse = engine.now
    if role == .subscriptions { subscribeAll() }
    sendWaiting()
  }

  /// What time brings: an attempt ends, or the next begins.
  func tick() {
    if let attempt {
      if attempt.begin + engine.settings.connectTimeout <= engine.now {
        failAttempt(RedisError(.unreachable, "\(server.address) does not answer."))
      }
    } else if nextAttempt <= engine.now {
      if isWanted { beginAttempt() } else { rest() }
    }
    if role == .subscriptions { pingIfQuiet() }
  }

  /// Nobody wants the lost connection any more: when the server is wanted again, nothing is held against it.
  private func rest() {
    state = .idle
    nextAttempt = .never
  }

  /// When `tick` has something to do next.
  var alarm: Moment {
    var alarm = attempt.map { $0.begin + engine.settings.connectTimeout } ?? nextAttempt
    if role == .subscriptions, isUp { alarm = min(alarm, lastPing + Self.pingPause) }
    if let oldest = connection?.expected.first, isUp { alarm = min(alarm, oldest.since + answerTime) }
    return alarm
  }

  /// How long an answer may take before the connection counts as hanging.
  var answerTime: Duration {
    switch role {
    case .commands: engine.settings.timeout
    // The server itself may take almost as long, if replicas do not answer.
    case .waiting: engine.settings.timeout + .milliseconds(250)
    case .subscriptions: .seconds(1)
    }
  }

  /// Gives up an answer that takes too long, and all that come after it.
  func checkProgress() {
    guard isUp, let oldest = connection?.expected.first, oldest.since + answerTime <= engine.now else { return }
    fail(RedisError(.timeout, "\(server.address) does not answer."), hangs: true)
  }

  private func failAttempt(_ error: RedisError) {
    let begin = attempt?.begin ?? engine.now
    attempt = nil
    connection = nil
    if isWanted {
      if failure == nil { downSince = engine.now }
      state = .down(error)
      nextAttempt = max(begin + Self.attemptPause, engine.now + .milliseconds(20))
    } else {
      state = .idle
      downSince = engine.now
    }
    for call in queue.removeAll() { engine.refuse(call, error, downSince: downSince) }
    engine.linkFailed(self)
  }

  /// The connection is lost: what was sent may have happened, what was not goes another way.
  ///
  /// - Parameters:
  ///   - error: What happened.
  ///   - hangs: Whether the server may take a new connection without answering it, so that calls should not wait.
  func fail(_ error: RedisError, hangs: Bool) {
    guard let connection else { return }
    self.connection = nil
    guard connection.phase == .ready else { return connectNext(after: error) }
    var unsent = lostCalls(of: connection, error)
    for calls in loading.values { unsent += calls }
    loading = [:]
    leaving = [:]
    isOutdated = false
    // A server that takes connections only to drop them is as good as down.
    let lasted = engine.now - connection.began
    if hangs || lasted < Self.attemptPause {
      state = .down(error)
      downSince = engine.now
      nextAttempt = hangs ? engine.now : engine.now + Self.attemptPause
      unsent += queue.removeAll()
      if !isWanted { state = .idle }
    } else if queue.isEmpty && !isWanted {
      state = .idle
    } else {
      state = .trying
      beginAttempt()
    }
    if role == .subscriptions { loseChannels() }
    engine.linkFailed(self)
    for call in unsent { if hangs { engine.refuse(call, error, downSince: downSince) } else { engine.route(call) } }
  }

  /// Ends the calls under way, and answers those that were never sent.
  private func lostCalls(of connection: Connection, _ error: RedisError) -> [Call] {
    var unsent: [Call] = []
    for expected in connection.expected.removeAll() {
      switch expected.kind {
      case .call(let call):
        if connection.isUnsent(expected) {
          unsent.append(call)
        } else {
          engine.finish(call, .failure(error.mayHaveExecuted(true)))
        }
      case .acknowledgement(let calls):
        // They are done, and no replica is known to have them.
        for call in calls { if let held = call.held { engine.finish(call, .success(held)) } }
      case .script, .asking, .greeting, .channel, .ping: continue
      }
    }
    return unsent
  }

  /// Answers everything, and closes the connection.
  func end(_ error: RedisError) {
    if let connection {
      for call in lostCalls(of: connection, error) { engine.finish(call, .failure(error)) }
    }
    for call in queue.removeAll() { engine.finish(call, .failure(error)) }
    for calls in loading.values { for call in calls { engine.finish(call, .failure(error)) } }
    loading = [:]
    close()
  }

  /// Closes the connection of a server that is needed no more.
  func close() {
    connection = nil
    leaving = [:]
    attempt = nil
    nextAttempt = .never
    state = .idle
  }

  /// From one attempt's begin to the next one's.
  static let attemptPause = Duration.milliseconds(200)
  static let pingPause = Duration.milliseconds(500)
}
