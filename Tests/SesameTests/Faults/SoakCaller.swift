import HTTPTesting
import JSON

/// A caller of a soak: it opens, asks, changes, renews and ends sessions, logs in, follows events, and hangs up.
struct SoakCaller: Sendable {
  private struct Entry: Sendable {
    let id: String
    var token: String
    /// Whether it ends by itself soon.
    let isShort: Bool
  }

  private(set) var answers = 0
  private(set) var faults: [String] = []

  private let number: Int
  private let port: Int
  private var generator: SeededGenerator
  private var sessions: [Entry] = []

  init(_ number: Int, port: Int, seed: UInt64) {
    self.number = number
    self.port = port
    generator = SeededGenerator(seed: seed &+ UInt64(number))
  }

  /// Goes on until then, or until something is wrong; calls `answered` after each answer.
  mutating func run(until end: ContinuousClock.Instant, _ answered: () -> Void) {
    do {
      while .now < end, faults.isEmpty {
        // A connection is good for some hundred requests, and then another one is made.
        let client = try ServiceClient(port: port)
        let follower = number == 0 ? try EventFollower(port: port, after: nil) : nil
        for _ in 0..<300 where .now < end && faults.isEmpty {
          try step(client)
          answers += 1
          answered()
        }
        follower?.reset()
        if Bool.random(using: &generator) { client.reset() }
      }
    } catch {
      faults.append("caller \(number): \(error)")
    }
  }

  private mutating func step(_ client: ServiceClient) throws {
    let choice = Int.random(in: 0..<100, using: &generator)
    // At most two hundred of each caller are open at once.
    if choice < 12 || sessions.isEmpty { return try open(client) }
    let place = Int.random(in: 0..<sessions.count, using: &generator)
    let entry = sessions[place]
    switch choice {
    case ..<14 where number < 2:
      let reply = try client.logIn("ann")
      guard reply.status == 201, let token = reply["token"]?.string else { return fault("a log-in", reply) }
      let ending = try client.send("DELETE", "/v2/session", bearer: token)
      if ending.status != 204 { fault("a log-out", ending) }
    case ..<70:
      let reply = try client.send("GET", "/v2/session", bearer: entry.token)
      judge("a verification", reply, entry, place) { $0["id"]?.string == entry.id }
    case ..<78:
      let large = String(repeating: "s", count: Int.random(in: 0..<2000, using: &generator))
      let reply = try client.send("PATCH", "/v2/sessions/\(entry.id)", #"{"data":{"text":"\#(large)"}}"#)
      judge("a change", reply, entry, place) { $0["id"]?.string == entry.id }
    case ..<84:
      let reply = try client.send("POST", "/v2/session/renew", bearer: entry.token)
      judge("a renewal", reply, entry, place) { $0["session"]?["id"]?.string == entry.id }
      if reply.status == 200, let token = reply["token"]?.string { sessions[place].token = token }
    case ..<87:
      let reply = try client.send("GET", "/v2/sessions?user_id=soak-\(number)&limit=20&count=true")
      if reply.status != 200 { fault("a list", reply) }
    case ..<89:
      let reply = try client.send("GET", "/v2/session", bearer: entry.token.dropLast() + "~")
      if reply.status != 401 { fault("a forged token", reply) }
    default:
      sessions.remove(at: place)
      let reply = try client.send("POST", "/v2/sessions/\(entry.id)/close")
      let isRight = reply.status == 200 || entry.isShort && [404, 409].contains(reply.status)
      if !isRight { fault("a close", reply) }
    }
  }

  private mutating func open(_ client: ServiceClient) throws {
    let isShort = sessions.count > 150 || Int.random(in: 0..<3, using: &generator) == 0
    let life = isShort ? #","lifetime":\#(Int.random(in: 1...3, using: &generator))"# : ""
    let reply = try client.send("POST", "/v2/sessions", #"{"user_id":"soak-\#(number)"\#(life)}"#)
    guard reply.status == 201, let id = reply["session"]?["id"]?.string, let token = reply["token"]?.string else {
      return fault("an opening", reply)
    }
    sessions.append(Entry(id: id, token: token, isShort: isShort))
  }

  /// Holds an answer about one session against what may become of it.
  private mutating func judge(
    _ what: String, _ reply: HTTPReply, _ entry: Entry, _ place: Int, isRight: (HTTPReply) -> Bool
  ) {
    if reply.status == 200, isRight(reply) { return }
    // A short one has ended, and may be gone altogether.
    if entry.isShort, [401, 404, 409].contains(reply.status) {
      sessions.remove(at: place)
      return
    }
    fault(what, reply)
  }

  private mutating func fault(_ what: String, _ reply: HTTPReply) {
    faults.append("caller \(number): \(what) was answered \(reply.status) \(reply.text.prefix(300))")
  }
}
