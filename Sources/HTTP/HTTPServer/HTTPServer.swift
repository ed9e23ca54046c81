internal import CHTTPEngine
public import HTTPMessages
internal import Synchronization

/// An HTTP/1.1 server: it reads requests strictly, has a handler answer them, and knows nothing of what is served.
///
/// It listens from its making on; clients wait until ``run()`` serves them.
///
/// ```swift
/// let server = try HTTPServer(
///   configuration: .init(addresses: [.tcp(host: "127.0.0.1", port: 8080)]), handler: handler)
/// try await server.run()
/// ```
public final class HTTPServer: Sendable {
  /// Where it listens, with the ports that were picked.
  public let boundAddresses: [HTTPServerAddress]
  private let engine: EngineHandle
  private let configuration: Configuration
  private let handler: any HTTPHandler
  private let wasStarted = Atomic(false)
  private let wasStopped = Atomic(false)

  /// Listens on every address of the configuration, or on none.
  ///
  /// Throws a sentence that says what to do.
  public init(configuration: Configuration, handler: any HTTPHandler) throws(HTTPServerError) {
    guard (1...1024).contains(configuration.threads) else {
      throw HTTPServerError(
        .badConfiguration, "\(configuration.threads) threads can't be. Give a number from 1 to 1024.")
    }
    guard !configuration.addresses.isEmpty else {
      throw HTTPServerError(.badConfiguration, "There is no address to listen on. Give at least one.")
    }
    let engine = EngineHandle(threads: Int32(configuration.threads), limits: configuration.engineLimits)
    if let tls = configuration.tls { try engine.load(tls) }
    var bound: [HTTPServerAddress] = []
    for address in configuration.addresses {
      bound.append(try engine.listen(on: address, isSecure: configuration.tls != nil))
    }
    boundAddresses = bound
    self.engine = engine
    self.configuration = configuration
    self.handler = handler
  }

  /// Serves until ``stop()`` is called or the task is cancelled, and all is finished.
  ///
  /// To be called once.
  ///
  /// Returns at the latest a second after the grace time, even if a handler ignores its cancellation.
  public func run() async throws(HTTPServerError) {
    precondition(!wasStarted.exchange(true, ordering: .relaxed), "a server runs once")
    let completion = RunCompletion(loops: configuration.threads)
    let loops = (0..<configuration.threads).map { index in
      unsafe EventLoop(
        loop: engine.loop(index), handler: handler, configuration: configuration, completion: completion)
    }
    let started = engine.start(loops)
    for _ in started..<configuration.threads { completion.loopFinished() }
    if started < configuration.threads { stop() }
    await withTaskCancellationHandler {
      await completion.wait()
    } onCancel: {
      stop()
    }
    if started < configuration.threads {
      throw HTTPServerError(.system, "The system gives no more threads. Configure fewer than \(configuration.threads).")
    }
  }

  /// Stops accepting, closes idle connections, and lets requests in progress finish within the grace time.
  ///
  /// Answers from now on say `Connection: close`. What has not finished by then is cancelled and cut. May be called
  /// from any thread, more than once, and before ``run()``; not from a signal handler.
  public func stop() {
    if !wasStopped.exchange(true, ordering: .relaxed) { engine.stop() }
  }

  /// Reads certificate and key again from their files, for new connections.
  ///
  /// If it throws, the old ones stay in use.
  ///
  /// Does nothing on a server without TLS.
  public func reloadCertificate() throws(HTTPServerError) {
    if let tls = configuration.tls { try engine.load(tls) }
  }

  /// How many connections are open.
  public var connectionCount: Int { engine.connectionCount }

  /// How often the server itself has refused a request, or cut a connection, for that reason.
  public func count(of refusal: HTTPRefusal) -> UInt64 {
    HTTPRefusal.allCases.firstIndex(of: refusal).map { engine.refusalCount($0) } ?? 0
  }
}
