import SessionTesting
import Synchronization

@testable import SessionCore

/// What may happen next.
extension Simulation {
  func move() {
    switch number(below: 100) {
    case 0..<35: stepSomewhere()
    case 35..<52: moveWire()
    case 52..<67: deliverSomewhere()
    case 67..<84: startSomething()
    case 84..<96: advance(by: TimeSpan(milliseconds: Int64(number(below: chance(15) ? 250 : 40))))
    case 96..<98: disturb()
    case 98: stopOrContinue()
    default: verifyEverything()
    }
  }

  private var awake: [Node] {
    let stopped = progress.withLock { $0.stoppedUntil }
    return nodes.filter { stopped[$0.number] == nil }
  }

  private func stepSomewhere() {
    let ready = awake.filter { $0.executor.ready > 0 }
    guard !ready.isEmpty else { return }
    let node = ready[number(below: ready.count)]
    let step = number(below: node.executor.ready)
    note("step \(step) of node \(node.number)")
    node.executor.step(step)
  }

  private func moveWire() {
    if network.count > 0, chance(10) {
      let index = number(below: network.count)
      note("a late question arrives")
      if chance(80) { network.deliver(index) } else { network.lose(index) }
    }
    let wires = nodes.filter { $0.wire.count > 0 }
    guard !wires.isEmpty else { return }
    let node = wires[number(below: wires.count)]
    let index = number(below: node.wire.count)
    if world.losses, chance(2) {
      let isLate = chance(50)
      note("wire of node \(node.number) loses \(index)")
      node.wire.lose(index, isLate: isLate)
    } else {
      note("wire of node \(node.number) passes \(index)")
      node.wire.release(index)
    }
  }

  private func deliverSomewhere() {
    let node = anyNode()
    guard !isStopped(node.number) else { return }
    let lane = number(below: laneCount)
    if world.isSluggish, progress.withLock({ $0.slowLanes.contains([node.number, lane]) }) {
      // So slow that a lease begins long after its heartbeat, and ends before the next note.
      if chance(6) { place.deliver(to: node.number, along: lane) }
      return
    }
    for _ in 0...number(below: 3) { place.deliver(to: node.number, along: lane) }
    if chance(3) { place.repeatNotes(number(below: 5), to: node.number, along: lane) }
  }

  private func disturb() {
    let (node, lane) = (number(below: world.nodes), number(below: laneCount))
    switch number(below: 7) {
    case 0..<2:
      progress.withLock { _ = $0.cut.insert([node, lane]) }
      note("lane \(lane) of node \(node) is cut")
      place.disconnect(node, along: lane, keeping: number(below: 4))
    case 2..<4: progress.withLock { _ = $0.slowLanes.insert([node, lane]) }
    case 4: progress.withLock { _ = $0.slowWires.insert(node) }
    default: if world.crashes { crash(node) }
    }
  }

  /// Ends some of the disturbances.
  private func recover() {
    let progress = progress.withLock { $0 }
    for place in progress.cut.sorted(by: { $0.lexicographicallyPrecedes($1) }) where chance(20) {
      self.progress.withLock { _ = $0.cut.remove(place) }
      self.place.reconnect(place[0], along: place[1])
    }
    for place in progress.slowLanes.sorted(by: { $0.lexicographicallyPrecedes($1) }) where chance(6) {
      self.progress.withLock { _ = $0.slowLanes.remove(place) }
    }
    for node in progress.slowWires.sorted() where chance(10) {
      self.progress.withLock { _ = $0.slowWires.remove(node) }
    }
  }

  /// What a quiet moment does: all nodes that are awake make all their steps, all that is not slow arrives.
  private func settle() {
    let (slowWires, slowLanes) = progress.withLock { ($0.slowWires, $0.slowLanes) }
    var isMoving = true
    while isMoving {
      drain()
      isMoving = false
      for node in nodes {
        while !slowWires.contains(node.number), node.wire.count > 0 {
          node.wire.release(number(below: node.wire.count))
          isMoving = true
        }
        guard !isStopped(node.number) else { continue }
        for lane in 0..<laneCount where !slowLanes.contains([node.number, lane]) {
          while place.deliver(to: node.number, along: lane) { isMoving = true }
        }
      }
    }
  }

  /// Stops a node for a while, as a signal or a hypervisor does, or has it go on.
  private func stopOrContinue() {
    let node = number(below: world.nodes)
    let now = clock.now()
    let length = TimeSpan(milliseconds: Int64(number(below: Int(world.longestStop.milliseconds))))
    note("node \(node) stops or goes on")
    progress.withLock { progress in
      if progress.stoppedUntil[node] != nil {
        progress.stoppedUntil[node] = nil
      } else if now >= progress.mayStopFrom[node] {
        progress.stoppedUntil[node] = now + length
        // The next stop leaves it time to write request times: one that is always stopped can't keep a session alive.
        progress.mayStopFrom[node] = now + world.stopSpacing
      }
    }
    if chance(40) { advance(by: TimeSpan(milliseconds: Int64(number(below: 2000)))) }
  }

  /// Moves the clock; mostly after a quiet moment.
  private func advance(by span: TimeSpan) {
    let time = clock.now() + span
    // In small pieces, so that heartbeats and request times are never long due.
    while clock.now() < time {
      let next = min(time, clock.now() + TimeSpan(milliseconds: 50))
      for node in nodes { node.wire.expire(at: next) }
      if chance(70) { settle() } else if chance(70) { drain() }
      clock.set(next)
      note("the clock moves")
      recover()
      beginDue()
    }
  }

  func drain() {
    while true {
      let ready = awake.filter { $0.executor.ready > 0 }
      guard !ready.isEmpty else { return }
      for node in ready { node.executor.step(number(below: node.executor.ready)) }
    }
  }

  /// Starts heartbeats and the writing of request times on every node whose time for it has come.
  private func beginDue() {
    let now = clock.now()
    for node in nodes {
      let (isBeating, isFlushing) = progress.withLock { progress in
        if let end = progress.stoppedUntil[node.number] {
          guard end <= now else { return (false, false) }
          progress.stoppedUntil[node.number] = nil
        }
        let due = (progress.nextHeartbeat[node.number] <= now, progress.nextFlush[node.number] <= now)
        if due.0 { progress.nextHeartbeat[node.number] = now + TimeSpan(milliseconds: 250) }
        if due.1 { progress.nextFlush[node.number] = now + world.flushInterval }
        return due
      }
      if isBeating {
        for lane in 0..<laneCount { spawn(on: node) { await node.coherence.sendHeartbeat(along: lane) } }
      }
      if isFlushing { spawn(on: node) { try? await node.sessions.flushTouches() } }
    }
  }
}
