/// A server, with the connections to it.
final class Server {
  let address: ServerAddress
  /// Whether it is one that calls go to: the only one, or the primary of a slot.
  var isOwner = false
  private(set) var commands: [Link] = []
  private(set) lazy var waiting = Link(.waiting, of: self, in: engine)
  private(set) lazy var subscriptions = Link(.subscriptions, of: self, in: engine)
  private(set) lazy var links = commands + [waiting, subscriptions]
  private unowned let engine: Engine

  init(_ address: ServerAddress, in engine: Engine) {
    self.address = address
    self.engine = engine
    for _ in 0..<max(1, engine.settings.connections) { commands.append(Link(.commands, of: self, in: engine)) }
  }

  var main: Link { commands[0] }

  /// Whether a connection that is wanted can't be made.
  var isFailing: Bool { links.contains { $0.isWanted && $0.failure != nil } }

  /// Takes a call by the connection that is right for it.
  func accept(_ call: Call) {
    if call.replicas != nil { return waiting.accept(call) }
    if main.isUp, main.load < Link.mostExpected || commands.count == 1 { return main.accept(call) }
    let others = commands.dropFirst()
    if let free = others.first(where: { $0.isUp && $0.load < Link.mostExpected }) { return free.accept(call) }
    if main.isUp, let idle = others.first(where: { if case .idle = $0.state { true } else { false } }) {
      idle.state = .trying
      idle.beginAttempt()
    }
    let up = commands.filter { $0.isUp }
    (up.min { $0.load < $1.load } ?? main).accept(call)
  }

  /// Closes what has not been used for a while.
  func closeIdle(before moment: Moment) {
    for link in links where !link.isWanted && link.isUp && link.load == 0 && link.lastUse < moment { link.close() }
  }

  var isUnused: Bool {
    links.allSatisfy { link in if case .idle = link.state { link.connection == nil && link.load == 0 } else { false } }
  }
}
