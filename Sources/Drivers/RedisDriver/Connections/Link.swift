/// One connection's place at a server: made when needed, made again when lost.
///
/// While it is down, calls are refused at once, and a connection is tried in the background.
final class Link {
  enum Role {
    case commands
    case waiting
    case subscriptions
  }

  enum State {
    /// Nobody needed it yet.
    case idle
    /// Being made, and calls wait for it.
    case trying
    case up
    /// The last attempt failed, or the server hangs.
    case down(RedisError)
  }

  struct Attempt {
    let begin: Moment
    /// `nil` while the host's name is being looked up.
    var addresses: ArraySlice<SocketAddress>?
  }

  unowned let engine: Engine
  unowned let server: Server
  let role: Role
  var state = State.idle
  var connection: Connection?
  var attempt: Attempt?
  var nextAttempt = Moment.never
  var downSince = Moment(nanoseconds: 0)
  var lastUse = Moment(nanoseconds: 0)
  var queue = Queue<Call>()
  /// Calls that wait until the server knows their script.
  var loading: [ObjectIdentifier: [Call]] = [:]
  /// Whether the server is to be looked for again as soon as nothing is under way.
  var isOutdated = false
  /// The channels heard here, for the role of subscriptions.
  var channels: [[UInt8]: Channel] = [:]
  /// Channels given up here, whose last word is still to come.
  var leaving: [[UInt8]: Int] = [:]
  var lastPing = Moment(nanoseconds: 0)

  /// As many answers may be awaited from one connection before calls wait, or take another one.
  static let mostExpected = 256

  init(_ role: Role, of server: Server, in engine: Engine) {
    self.role = role
    self.server = server
    self.engine = engine
  }

  /// Whether a lost connection is made again without a call that asks for it.
  var isWanted: Bool {
    switch role {
    case .commands, .waiting: server.isOwner
    case .subscriptions: !channels.isEmpty
    }
  }

  var isUp: Bool { if case .up = state { true } else { false } }
  var failure: RedisError? { if case .down(let error) = state { error } else { nil } }
  var load: Int { (connection?.expected.count ?? 0) + queue.count }

  /// Takes a call: sends it, keeps it for a moment, or has it refused.
  func accept(_ call: Call) {
    lastUse = engine.now
    switch state {
    case .down(let error): engine.refuse(call, error, downSince: downSince)
    case .idle:
      queue.append(call)
      state = .trying
      beginAttempt()
    case .trying: queue.append(call)
    case .up:
      queue.append(call)
      sendWaiting()
    }
  }

  /// Sends what waits, as far as it may.
  func sendWaiting() {
    guard isUp, let connection else { return }
    if isOutdated {
      if connection.expected.isEmpty { fail(RedisError(.readOnly, "The server is a replica."), hangs: false) }
      return
    }
    if role == .waiting {
      if connection.expected.isEmpty { sendTogether(on: connection) }
      return
    }
    while connection.expected.count < Self.mostExpected, let call = queue.popFirst() { send(call, on: connection) }
  }

  /// Sends all that waits, and one question after it how many replicas have it.
  private func sendTogether(on connection: Connection) {
    var calls: [Call] = []
    var replicas = 0
    var wait = Duration.zero
    while calls.count < Self.mostExpected, let call = queue.popFirst() {
      guard !call.isAnswered, let wish = call.replicas, send(call, on: connection) else { continue }
      calls.append(call)
      replicas = max(replicas, wish.count)
      // Answered a little before the caller gives up, so that the answer can still say how many have it.
      wait = max(wait, min(wish.wait, call.deadline - engine.now - .milliseconds(50)))
    }
    guard !calls.isEmpty else { return }
    let milliseconds = max(1, wait.roundedUpMilliseconds)
    connection.ask(.acknowledgement(calls), at: engine.now) {
      $0.appendCommand(["WAIT", RedisArgument(replicas), RedisArgument(milliseconds)])
    }
  }

  /// Sends a call; `false` if it is answered already, or waits for its script.
  @discardableResult
  private func send(_ call: Call, on connection: Connection) -> Bool {
    guard !call.isAnswered else { return false }
    var digest: [UInt8]?
    if let script = call.command.script {
      guard let known = script.digest, loading[ObjectIdentifier(script)] == nil else {
        load(script, for: call)
        return false
      }
      digest = known
    }
    if call.isAsking {
      call.isAsking = false
      connection.ask(.asking, at: engine.now) { $0.appendCommand(["ASKING"]) }
    }
    connection.ask(.call(call), at: engine.now) { call.command.append(to: &$0, digest: digest) }
    return true
  }

  /// Teaches the server a script, and sends the call after that.
  func load(_ script: RedisScript, for call: Call) {
    guard let connection, isUp else { return engine.route(call) }
    if loading[ObjectIdentifier(script)]?.append(call) != nil { return }
    loading[ObjectIdentifier(script)] = [call]
    connection.ask(.script(script), at: engine.now) {
      $0.appendCommand(["SCRIPT", "LOAD", RedisArgument(script.source)])
    }
  }
}
