extension Engine {
  /// Brings a call to the server that has its slot, or has it wait until that is known.
  func route(_ call: Call) {
    guard !call.isAnswered else { return }
    if let only = topology.only { return only.accept(call) }
    if let server = call.redirect {
      call.redirect = nil
      // While the call waited the server may have been let go of, and nobody looks after the connections of such a one.
      if let server = self.server(at: server.address) { return server.accept(call) }
    }
    call.isAsking = false
    if let server = call.command.slot.map({ topology.owners[$0] }) ?? anyOwner() { return server.accept(call) }
    // Once a look has shown that nobody has it, nothing is gained by waiting for another one.
    let isSettled = topology.isKnown && call.detours > 0
    refuse(
      call, topology.failure ?? RedisError(.clusterDown, "No server of the Cluster has the slot."),
      downSince: isSettled ? topology.lastLook : now)
  }

  private func anyOwner() -> Server? {
    let owners = servers.values.filter { $0.isOwner }
    let up = owners.filter { $0.main.isUp }
    return up.randomElement() ?? owners.randomElement()
  }

  /// Ends a call that can't be sent; on a Cluster only if nobody else can have its slot by now.
  func refuse(_ call: Call, _ error: RedisError, downSince: Moment) {
    guard !call.isAnswered else { return }
    let mayHelp = topology.lastLook < downSince && topology.failure == nil
    if settings.isCluster, call.isCallers, call.detours < Self.mostDetours, mayHelp {
      call.detours += 1
      topology.parked.append(call)
      return lookSoon()
    }
    finish(call, .failure(error.mayHaveExecuted(false)))
  }

  /// A server has refused a command; it was not executed, if the refusal is one that may be over soon.
  func refused(_ call: Call, _ code: String, _ text: String, by link: Link) {
    guard !call.isAnswered else { return }
    let error = RedisError(refusal: code, text)
    guard call.isCallers, call.detours < Self.mostDetours else { return finish(call, .failure(error)) }
    switch code {
    // A script may use keys that it does not name, and of a slot that is on its way to another server each has some of
    // them: on either the script would take for missing what the other one has. It waits until the slot has moved
    // (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#ask-redirection).
    case "ASK" where settings.isCluster && call.command.script != nil: retryLater(call, error)
    case "MOVED" where settings.isCluster, "ASK" where settings.isCluster: follow(call, error, text, by: link)
    case "NOSCRIPT":
      guard let script = call.command.script else { return finish(call, .failure(error)) }
      call.detours += 1
      link.load(script, for: call)
    case "CLUSTERDOWN", "MASTERDOWN", "READONLY":
      if settings.isCluster { lookSoon() } else if code == "READONLY" { link.outdated() }
      retryLater(call, error)
    case "TRYAGAIN", "LOADING", "BUSY": retryLater(call, error)
    default: finish(call, .failure(error))
    }
  }

  private func follow(_ call: Call, _ error: RedisError, _ text: String, by link: Link) {
    let words = text.utf8.split(separator: 0x20, omittingEmptySubsequences: true)
    guard words.count >= 3, let slot = Int(String(Substring(words[1]))), (0..<HashSlot.count).contains(slot),
      let address = ServerAddress(announced: Substring(words[2]), by: link.server.address),
      let server = server(at: address)
    else { return finish(call, .failure(error)) }
    call.detours += 1
    call.redirect = server
    if error.serverCode == "ASK" {
      call.isAsking = true
    } else {
      own(slot, server)
      lookSoon()
    }
    // The first step is taken at once; servers that send a call in circles get time to agree.
    if call.detours <= 2 { route(call) } else { retryLater(call, error) }
  }

  /// Sends a refused call again in a moment, if there is time for it.
  private func retryLater(_ call: Call, _ error: RedisError) {
    let time = now + Self.retryPause
    // With so little time left, the answer would come too late, and tell less than this one.
    guard time + Self.retryPause < call.deadline else { return finish(call, .failure(error)) }
    call.refusal = error
    delayed.append((time, call))
  }

  func retryDelayed() {
    guard delayed.contains(where: { $0.time <= now }) else { return }
    let due = delayed.filter { $0.time <= now }
    delayed.removeAll { $0.time <= now }
    for (_, call) in due { route(call) }
  }

  /// The server at an address; `nil` if there are more than a Cluster can have.
  func server(at address: ServerAddress) -> Server? {
    if let server = servers[address] { return server }
    guard servers.count < 1024 else { return nil }
    let server = Server(address, in: self)
    servers[address] = server
    return server
  }

  static let mostDetours = 8
  static let retryPause = Duration.milliseconds(50)
}

extension Link {
  /// The server is not the primary any more: its address may lead to another one by now.
  func outdated() {
    guard let connection, connection.began + .seconds(1) < engine.now else { return }
    isOutdated = true
  }
}
