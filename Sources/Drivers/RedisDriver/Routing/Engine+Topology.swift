extension Engine {
  /// Has the Cluster asked who has what, as soon as that may be.
  func lookSoon() {
    topology.nextLook = min(topology.nextLook, max(now, topology.lastLook + Topology.shortestPause))
  }

  func linkFailed(_ link: Link) {
    if settings.isCluster, link.server.isOwner || !link.channels.isEmpty { lookSoon() }
  }

  func tickTopology() {
    if let look = topology.look {
      if look.nextQuestion <= now { askNext() }
    } else if topology.nextLook <= now {
      beginLook()
    }
  }

  private func beginLook() {
    topology.lastLook = now
    topology.nextLook = .never
    topology.looks += 1
    topology.look = Topology.Look(number: topology.looks, candidates: candidates()[...], nextQuestion: now)
    askNext()
  }

  /// Whom to ask: those that answer at present first, and each time another one of them.
  private func candidates() -> [ServerAddress] {
    var all = topology.members
    for seed in settings.seeds where !all.contains(seed) { all.append(seed) }
    let turn = topology.looks % max(1, all.count)
    all = Array(all[turn...] + all[..<turn])
    return all.filter { servers[$0]?.main.isUp == true } + all.filter { servers[$0]?.main.isUp != true }
  }

  private func askNext() {
    guard var look = topology.look else { return }
    guard let address = look.candidates.popFirst() else {
      topology.look?.nextQuestion = .never
      if look.asked == 0 { endLook(look.lastError ?? RedisError(.unreachable, "No server of the Cluster answers.")) }
      return
    }
    look.asked += 1
    look.nextQuestion = now + .milliseconds(100)
    topology.look = look
    guard let server = server(at: address) else { return answered(look.number, address, .failure(Self.tooMany)) }
    ask(RedisCommand("CLUSTER", "SLOTS"), at: server) { [unowned self] in answered(look.number, address, $0) }
  }

  private static let tooMany = RedisError(.clusterDown, "The Cluster names too many servers.")

  private func answered(_ number: Int, _ address: ServerAddress, _ result: Result<RedisReply, RedisError>) {
    guard topology.look?.number == number else { return }
    switch result {
    case .success(let reply):
      let map = SlotMap(reply, told: address)
      if !map.ranges.isEmpty { return apply(map) }
      topology.look?.lastError = RedisError(.clusterDown, "\(address) knows of no server with a slot.")
    case .failure(let error):
      topology.look?.lastError = error.serverCode == "ERR" ? Self.noCluster(address, error) : error
    }
    topology.look?.asked -= 1
    askNext()
  }

  private static func noCluster(_ address: ServerAddress, _ error: RedisError) -> RedisError {
    RedisError(.clusterDown, "\(address) is not a server of a Cluster: \(error)", serverCode: error.serverCode)
  }

  private func apply(_ map: SlotMap) {
    topology.look = nil
    topology.failure = nil
    topology.isKnown = true
    topology.members = map.members
    for server in servers.values { server.isOwner = false }
    topology.owners = Array(repeating: nil, count: HashSlot.count)
    for (slots, address) in map.ranges {
      guard let server = server(at: address) else { continue }
      server.isOwner = true
      for slot in slots { topology.owners[slot] = server }
    }
    scheduleLook()
    assignChannels()
    for call in takeParked() { route(call) }
  }

  private func endLook(_ error: RedisError) {
    topology.look = nil
    topology.failure = error
    scheduleLook()
    for call in takeParked() {
      if topology.isKnown { route(call) } else { finish(call, .failure(error.mayHaveExecuted(false))) }
    }
  }

  private func takeParked() -> [Call] {
    defer { topology.parked = [] }
    return topology.parked
  }

  /// Looks again soon while something fails, and now and then anyway: what has moved quietly is noticed.
  private func scheduleLook() {
    let fails = topology.failure != nil || servers.values.contains { $0.isFailing }
    let calm = subscribers.channels.isEmpty ? Duration.seconds(5) : .seconds(1)
    topology.nextLook = min(topology.nextLook, topology.lastLook + (fails ? .milliseconds(250) : calm))
  }

  /// A server has said that another one has the slot.
  func own(_ slot: Int, _ server: Server) {
    topology.owners[slot] = server
    server.isOwner = true
  }

  /// Lets go of the servers that have nothing to do with the Cluster any more.
  func closeUnused() {
    for server in servers.values where !server.isOwner { server.closeIdle(before: now + .seconds(-10)) }
    servers = servers.filter { address, server in
      server.isOwner || !server.isUnused || topology.members.contains(address) || settings.seeds.contains(address)
    }
  }
}
