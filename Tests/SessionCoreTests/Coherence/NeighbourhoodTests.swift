import MemoryStore
import SessionTesting
import Synchronization
import Testing

@testable import SessionCore

/// What a node knows of the others, and when it says that they are gone.
@Suite struct NeighbourhoodTests {
  private let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))

  private func sign(
    _ id: String, host: String = "machine", held: Int = 1, tasks: [String] = [], isLast: Bool = false
  ) -> NodeSign {
    NodeSign(
      id: id, host: host, address: "http://10.0.0.1:8080", version: "1.2.3",
      started: Timestamp(milliseconds: 1_799_999_000_000), lanes: 1, held: held, lag: 1500, tasks: tasks,
      isLast: isLast)
  }

  /// A neighbourhood that hears from now on, and what may be heard in it.
  private func neighbourhood() -> Neighbourhood {
    let own = sign("own")
    let neighbourhood = Neighbourhood(
      store: SharedMemory(MemoryStore(), lanes: 1, clock: clock).node(), clock: clock, own: { own })
    neighbourhood.laneOpened(0)
    return neighbourhood
  }

  private func states(_ neighbourhood: Neighbourhood) -> [String: Neighbourhood.State] {
    Dictionary(uniqueKeysWithValues: neighbourhood.nodes.map { ($0.sign.id, $0.state) })
  }

  @Test("a node is live while it is heard, then lost, and is forgotten after ten minutes")
  func life() {
    let neighbourhood = neighbourhood()
    neighbourhood.heard(.node(sign("other", tasks: ["upkeep"])), along: 0)
    #expect(neighbourhood.nodes.map(\.sign.id) == ["own", "other"])
    #expect(neighbourhood.nodes.map(\.isOwn) == [true, false])
    #expect(neighbourhood.nodes[1].sign.tasks == ["upkeep"])
    clock.advance(by: TimeSpan(milliseconds: Neighbourhood.patience.milliseconds - 1))
    #expect(states(neighbourhood) == ["own": .live, "other": .live])
    clock.advance(by: TimeSpan(milliseconds: 1))
    #expect(states(neighbourhood) == ["own": .live, "other": .lost])
    neighbourhood.heard(.node(sign("other")), along: 0)
    #expect(states(neighbourhood)["other"] == .live)
    clock.advance(by: Neighbourhood.memory)
    #expect(states(neighbourhood) == ["own": .live])
  }

  @Test("a node that says that it stops is stopped, whatever is heard of it later")
  func stopping() {
    let neighbourhood = neighbourhood()
    neighbourhood.heard(.node(sign("other")), along: 0)
    neighbourhood.heard(.node(sign("other").last), along: 0)
    #expect(states(neighbourhood)["other"] == .stopped)
    neighbourhood.heard(.node(sign("other")), along: 0)
    clock.advance(by: Neighbourhood.patience)
    #expect(states(neighbourhood)["other"] == .stopped)
  }

  @Test("a node that hears nobody says of nobody that they are lost, nor in the first seconds after")
  func deafness() {
    let neighbourhood = neighbourhood()
    neighbourhood.heard(.node(sign("other")), along: 0)
    neighbourhood.laneClosed(0)
    #expect(states(neighbourhood)["other"] == .unknown)
    clock.advance(by: Neighbourhood.patience)
    #expect(states(neighbourhood)["other"] == .unknown)
    neighbourhood.laneOpened(0)
    clock.advance(by: TimeSpan(milliseconds: Neighbourhood.patience.milliseconds - 1))
    #expect(states(neighbourhood)["other"] == .unknown)
    clock.advance(by: TimeSpan(milliseconds: 1))
    #expect(states(neighbourhood)["other"] == .lost)
  }

  @Test("of more nodes than there is room for, the one that was not heard for the longest time is forgotten")
  func room() {
    let neighbourhood = neighbourhood()
    for number in 0...Neighbourhood.limit {
      neighbourhood.heard(.node(sign("node-\(number)")), along: 0)
      clock.advance(by: TimeSpan(milliseconds: 1))
    }
    let known = states(neighbourhood)
    #expect(known.count == Neighbourhood.limit + 1)
    #expect(known["node-0"] == nil && known["node-1"] == .live && known["node-\(Neighbourhood.limit)"] == .live)
  }

  @Test("what is no sign, and what comes along another lane, changes nothing")
  func others() {
    let neighbourhood = neighbourhood()
    neighbourhood.heard(.node(sign("other")), along: 1)
    neighbourhood.heard(.heartbeat(7), along: 0)
    neighbourhood.heard(.account(7), along: 0)
    #expect(states(neighbourhood) == ["own": .live])
  }

  @Test("nobody can speak for this node: what it shows of itself is what it is")
  func ownName() {
    let neighbourhood = neighbourhood()
    neighbourhood.heard(.node(sign("own", host: "elsewhere").last), along: 0)
    #expect(neighbourhood.nodes.map(\.sign.host) == ["machine"])
    #expect(states(neighbourhood) == ["own": .live])
  }

  @Test("a change is told of once: a node that comes, stops to trust its cache, takes work, and goes; not each sign")
  func changes() {
    let neighbourhood = neighbourhood()
    let told = Shared(Mutex(0))
    neighbourhood.onChange { told.value.withLock { $0 += 1 } }
    let count = neighbourhood.changeCount
    let lives: [NodeSign] = [
      sign("other"), sign("other"), sign("other", held: 0), sign("other", held: 0), sign("other", tasks: ["upkeep"]),
      sign("other", tasks: ["upkeep"]), sign("other").last,
    ]
    for sign in lives { neighbourhood.heard(.node(sign), along: 0) }
    #expect(neighbourhood.changeCount - count == 4)
    #expect(told.value.withLock { $0 } == 4)
  }

  @Test("nodes that run hear of each other, one that stops says so", .timeLimit(.minutes(1)))
  func running() async {
    let place = SharedMemory(MemoryStore(), lanes: 3, clock: clock)
    let nodes = ["a", "b"].map { name in
      let (store, sign) = (place.node(), sign(name))
      return (store: store, around: Neighbourhood(store: store, clock: clock, pause: Pacer().pause, own: { sign }))
    }
    let following = nodes.map { node in Task { await node.store.follow(node.around) } }
    // Whoever speaks before the other listens is not heard: so each begins once both do.
    for node in nodes {
      while node.around.changeCount == 0, node.around.nodes.count == 1 {
        try? await nodes[0].store.sendSign(sign("probe"))
        await Task.yield()
      }
    }
    let running = nodes.map { node in Task { await node.around.run() } }
    for (own, other) in [(0, "b"), (1, "a")] {
      while states(nodes[own].around)[other] != .live { await Task.yield() }
    }
    running[0].cancel()
    await running[0].value
    while states(nodes[1].around)["a"] != .stopped { await Task.yield() }
    for task in running + following { task.cancel() }
    for task in running + following { await task.value }
  }
}

/// What a node says of itself, as a line of text.
@Suite struct NodeSignTests {
  private let sign = NodeSign(
    id: "0K3", host: "machine.example", address: "https://[2001:db8::1]:8443", version: "1.2.3",
    started: Timestamp(milliseconds: 1_800_000_000_000), lanes: 65, held: 64, lag: nil, tasks: ["upkeep", "webhooks"])

  @Test("a sign is read as it was written")
  func roundTrip() {
    let text = ChangeNote.node(sign).text
    #expect(text == "n 0K3 machine.example https://[2001:db8::1]:8443 1.2.3 1800000000000 65 64 - upkeep,webhooks on")
    #expect(ChangeNote(text) == .node(sign))
    #expect(ChangeNote(ChangeNote.node(sign.last).text) == .node(sign.last))
  }

  @Test("whatever a machine is called, its sign is one line of words, and is read again")
  func hostileNames() {
    let names = ["", " ", "a b", "a\nb", "a\r\nn", "é", "a,b", String(repeating: "x", count: 300), "\u{0}", "-"]
    for name in names {
      let sign = NodeSign(
        id: name, host: name, address: name, version: name, started: Timestamp(milliseconds: 0), lanes: -1, held: 9,
        lag: -1, tasks: Array(repeating: name, count: 20))
      let text = ChangeNote.node(sign).text
      #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.utf8.count < 2000)
      #expect(name == "-" || ChangeNote(text) == .node(sign), "\(name.debugDescription)")
    }
  }

  @Test("more words, as a newer node may say them, are left alone")
  func newer() {
    #expect(ChangeNote(ChangeNote.node(sign).text + " blue 7") == .node(sign))
  }

  @Test(
    "what no node would say is no sign",
    arguments: [
      "n", "n ", "n a b c d 0 1 1 - -", "n a b c d 0 1 1 - - off", "n a b c d x 1 1 - - on", "n a b c d 0 1 2 - - on",
      "n a b c d +0 1 1 - - on", "n a b c d 0 01 1 - - on", "n a b c d 0 1 1 -5 - on", "n a b c d 0 -1 -1 - - on",
      "n a b c d 0 1 1 x - on", "n a b c d 9223372036854775807 1 1 - - on", "n a b c d 0 99999999999999999999 1 - - on",
      "n a b c d 0 1 1 - a,,b on", "n a b c d 0 1 1 - a,b,c,d,e,f,g,h,i on", "n  b c d 0 1 1 - - on",
      "n a b c é 0 1 1 - - on", "N a b c d 0 1 1 - - on",
    ])
  func malformed(text: String) {
    #expect(ChangeNote(text) == nil)
  }

  @Test("a text that is too long is no sign")
  func tooLong() {
    let long = String(repeating: "x", count: NodeSign.textLimit + 1)
    #expect(ChangeNote("n \(long) b c d 0 1 1 - - on") == nil)
    #expect(ChangeNote("n \(long.dropLast()) b c d 0 1 1 - - on") != nil)
  }
}
