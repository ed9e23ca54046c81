internal import Glibc

/// Owns all connections of a client on one thread, and sends and receives whatever they are ready for.
///
/// One thread for all of them, so that the number of threads is the same however many servers there are, what waits
/// for a connection is sent by one system call, and each call's deadline is kept while a server hangs.
final class Engine {
  let settings: EngineSettings
  let inbox: Inbox
  private let resolver: Resolver
  /// The time, read when the thread wakes.
  var now = Moment.now
  var servers: [ServerAddress: Server] = [:]
  var topology: Topology
  var delayed: [(time: Moment, call: Call)] = []
  var subscribers = Subscribers()
  /// No call's deadline and no answer's time is before this.
  private var nearestDeadline = Moment.never
  private var finished = Inbox.Load()
  private var nextHousekeeping = Moment.now
  private var scratch: [UInt8] = Array(repeating: 0, count: 64 << 10)
  private var polled: [(link: Link, connection: Connection)] = []
  private var descriptors: [pollfd] = []

  init(settings: EngineSettings, inbox: Inbox, resolver: Resolver) {
    self.settings = settings
    self.inbox = inbox
    self.resolver = resolver
    topology = Topology()
    if !settings.isCluster, let address = settings.seeds.first {
      let server = Server(address, in: self)
      server.isOwner = true
      servers[address] = server
      topology.only = server
    }
  }

  /// Serves until the inbox is closed.
  func run() {
    while true {
      let (messages, isClosed) = inbox.take(finished: finished)
      finished = Inbox.Load()
      now = .now
      guard !isClosed else { return end(messages) }
      for message in messages { handle(message) }
      tick()
      flush()
      wait()
    }
  }

  private func handle(_ message: Inbox.Message) {
    switch message {
    case .submission(let submission): begin(submission)
    case .resolved(let host, let addresses):
      for server in servers.values where server.address.host == host {
        let found = addresses.map { $0.with(port: server.address.port) }
        for link in server.links { link.resolved(found) }
      }
    case .subscribe(let request): subscribe(request)
    case .cancel(let number): cancel(number)
    }
  }

  private func begin(_ submission: Submission) {
    nearestDeadline = min(nearestDeadline, submission.deadline)
    switch submission.answer {
    case .reply(let continuation): begin(submission, submission.commands.first, .reply(continuation))
    case .caller(let body): begin(submission, submission.commands.first, .caller(body))
    case .acknowledged(let continuation): begin(submission, submission.commands.first, .acknowledged(continuation))
    case .replies(let continuation):
      let gathering = Gathering(count: submission.commands.count, continuation)
      for (index, command) in submission.commands.enumerated() {
        begin(submission, command, .member(gathering, index))
      }
    }
  }

  private func begin(_ submission: Submission, _ command: RedisCommand?, _ answer: Call.Answer) {
    guard let command else { return }
    let call = Call(command, deadline: submission.deadline, replicas: submission.replicas, answer: answer)
    guard submission.deadline > now else {
      return finish(call, .failure(RedisError(.timeout, "The time for it is over before it begins.")))
    }
    route(call)
  }

  /// Asks something on the engine's own behalf.
  func ask(_ command: RedisCommand, at server: Server, _ answer: @escaping (Result<RedisReply, RedisError>) -> Void) {
    let call = Call(command, deadline: now + settings.connectTimeout, answer: .own(answer))
    nearestDeadline = min(nearestDeadline, call.deadline)
    server.main.accept(call)
  }

  /// Answers a call.
  func finish(_ call: Call, _ result: Result<RedisReply, RedisError>, acknowledged: Int = 0) {
    guard !call.isAnswered else { return }
    if call.isCallers { finished.add(call.command) }
    call.finish(result, acknowledged: acknowledged)
  }

  /// The addresses of a host: those that it is written as, or `nil` while its name is being looked up.
  func addresses(of address: ServerAddress) -> [SocketAddress]? {
    let literal = SocketAddress.find(host: address.host, port: address.port, isLiteral: true)
    guard literal.isEmpty else { return literal }
    resolver.find(host: address.host, for: inbox)
    return nil
  }

  private func tick() {
    for server in servers.values { for link in server.links { link.tick() } }
    retryDelayed()
    if settings.isCluster { tickTopology() }
    tickSubscribers()
    if nearestDeadline <= now { expire() }
    if nextHousekeeping <= now {
      nextHousekeeping = now + .seconds(1)
      if settings.isCluster { closeUnused() }
    }
  }

  /// Answers the calls whose time is over, and finds the next deadline.
  private func expire() {
    var nearest = Moment.never
    // Answered when all are judged: an answer may lead to changes of what is being looked through.
    var over: [(call: Call, wasSent: Bool)] = []
    func judge(_ call: Call, wasSent: Bool) {
      guard !call.isAnswered else { return }
      if call.deadline <= now { over.append((call, wasSent)) } else { nearest = min(nearest, call.deadline) }
    }
    for server in servers.values {
      for link in server.links {
        link.queue.forEach { judge($0, wasSent: false) }
        for calls in link.loading.values { for call in calls { judge(call, wasSent: false) } }
        guard let connection = link.connection else { continue }
        connection.expected.forEach { expected in
          if case .call(let call) = expected.kind { judge(call, wasSent: !connection.isUnsent(expected)) }
          if case .acknowledgement(let calls) = expected.kind { for call in calls { judge(call, wasSent: true) } }
        }
      }
    }
    for call in topology.parked { judge(call, wasSent: false) }
    for (_, call) in delayed { judge(call, wasSent: false) }
    nearestDeadline = nearest
    for (call, wasSent) in over {
      let error = RedisError(.timeout, "No answer came in time.", mayHaveExecuted: wasSent)
      finish(call, call.held.map { .success($0) } ?? .failure(wasSent ? error : call.refusal ?? error))
    }
  }

  private func flush() {
    for server in servers.values {
      for link in server.links {
        link.checkProgress()
        guard let connection = link.connection, connection.phase != .connecting, connection.hasOutput else { continue }
        do throws(RedisError) { try connection.flush() } catch { link.fail(error, hangs: false) }
      }
    }
  }

  /// Waits for the connections, the inbox or the clock, and takes what the connections have.
  private func wait() {
    polled.removeAll(keepingCapacity: true)
    descriptors.removeAll(keepingCapacity: true)
    descriptors.append(pollfd(fd: inbox.wake.descriptor, events: Int16(POLLIN), revents: 0))
    var alarm = min(nearestDeadline, nextHousekeeping)
    for server in servers.values {
      for link in server.links {
        alarm = min(alarm, link.alarm)
        guard let connection = link.connection else { continue }
        var events = Int16(POLLIN)
        if connection.phase == .connecting || connection.hasOutput { events |= Int16(POLLOUT) }
        polled.append((link, connection))
        descriptors.append(pollfd(fd: connection.socket.descriptor, events: events, revents: 0))
      }
    }
    for (time, _) in delayed { alarm = min(alarm, time) }
    if settings.isCluster { alarm = min(alarm, topology.alarm) }
    alarm = min(alarm, subscribers.alarm)
    let pause = alarm <= now ? 0 : (alarm - .now).roundedUpMilliseconds
    guard unsafe poll(&descriptors, nfds_t(descriptors.count), pause) > 0 else { return }
    now = .now
    if descriptors[0].revents != 0 { inbox.wake.clear() }
    for (index, (link, connection)) in polled.enumerated() where descriptors[index + 1].revents != 0 {
      guard link.connection === connection else { continue }
      if connection.phase == .connecting {
        link.connected()
      } else if descriptors[index + 1].revents & ~Int16(POLLOUT) != 0 {
        receive(link, connection)
      }
    }
  }

  /// Takes what a connection has received, as far as one turn allows.
  private func receive(_ link: Link, _ connection: Connection) {
    do throws(RedisError) {
      for _ in 0..<16 {
        let transfer = unsafe scratch.withUnsafeMutableBytes { unsafe connection.socket.receive(into: $0) }
        guard case .bytes(let count) = transfer else {
          guard case .over(let number) = transfer else { break }
          throw RedisError(
            .connectionLost,
            "\(link.server.address) \(number == 0 ? "closed" : "broke") the connection (error \(number)).")
        }
        try take(count, link, connection)
        guard link.connection === connection, count == scratch.count else { break }
      }
    } catch {
      if link.connection === connection { link.fail(error, hangs: false) }
      return
    }
    if link.connection === connection { link.sendWaiting() }
  }

  private func take(_ count: Int, _ link: Link, _ connection: Connection) throws(RedisError) {
    var start = 0
    while start < count {
      // The parser moves what is left of its buffer with each answer, which makes large pieces dear.
      let end = min(count, start + 16 << 10)
      try connection.reader.feed(scratch[start..<end])
      start = end
      while let reply = try connection.reader.next() {
        try link.take(reply, on: connection)
        guard link.connection === connection else { return }
      }
    }
  }

  private func end(_ messages: [Inbox.Message]) {
    let error = RedisError(.stopped, "The client is stopped.")
    for message in messages {
      if case .submission(let submission) = message { submission.fail(error) }
    }
    for server in servers.values {
      for link in server.links { link.end(error) }
    }
    for call in topology.parked { finish(call, .failure(error)) }
    for (_, call) in delayed { finish(call, .failure(error)) }
  }
}
