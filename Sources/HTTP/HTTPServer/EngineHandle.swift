internal import CHTTPEngine

/// The owner of the engine's pointer.
///
/// Its loops' threads keep the engine alive beyond it.
///
/// Unchecked, because it holds a pointer; what it lets be called is safe from any thread, or is called once, before the
/// threads start.
@safe
struct EngineHandle: ~Copyable, @unchecked Sendable {
  private let engine: OpaquePointer

  init(threads: Int32, limits: http_limits) {
    unsafe engine = http_engine_create(threads, limits, engineCallbacks)
  }

  deinit { unsafe http_engine_release(engine) }

  /// Connections that are open now.
  var connectionCount: Int { unsafe Int(clamping: http_engine_connection_count(engine)) }

  /// How often the engine has refused for the reason of that index.
  func refusalCount(_ index: Int) -> UInt64 { unsafe http_engine_refusal_count(engine, Int32(clamping: index)) }

  /// Uses a certificate for connections from now on.
  func load(_ tls: HTTPServerTLS) throws(HTTPServerError) {
    var failure = http_failure()
    if unsafe !http_engine_load_certificate(engine, tls.certificateChainPath, tls.privateKeyPath, &failure) {
      throw HTTPServerError(Failure(failure), loading: tls)
    }
  }

  /// Listens, and answers the address with the port that it really is.
  func listen(on address: HTTPServerAddress, isSecure: Bool) throws(HTTPServerError) -> HTTPServerAddress {
    var failure = http_failure()
    switch address {
    case .tcp(let host, let port):
      guard let number = UInt16(exactly: port) else {
        throw HTTPServerError(.badConfiguration, "\(port) is not a port. Give a number from 0 to 65535.")
      }
      let bound = unsafe http_engine_listen_tcp(engine, host, number, isSecure, &failure)
      if bound >= 0 { return .tcp(host: host, port: Int(bound)) }
    case .unix(let path, let mode):
      guard !path.isEmpty, !path.utf8.contains(0) else {
        throw HTTPServerError(.badPath, "The path of a socket must not be empty or hold a NUL. Give another.")
      }
      if unsafe http_engine_listen_unix(engine, path, UInt32(mode), &failure) { return address }
    }
    throw HTTPServerError(Failure(failure), listeningOn: address)
  }

  /// The loop of that index, for as long as its thread runs.
  func loop(_ index: Int) -> OpaquePointer { unsafe http_engine_loop(engine, Int32(clamping: index)) }

  /// Starts a thread for each loop; answers how many could be started.
  ///
  /// The threads keep those loops alive.
  func start(_ loops: [EventLoop]) -> Int {
    let contexts = unsafe loops.map { unsafe Unmanaged.passRetained($0) }
    let pointers = unsafe contexts.map { unsafe $0.toOpaque() }
    let started = unsafe Int(http_engine_start(engine, pointers))
    unsafe contexts.dropFirst(started).forEach { unsafe $0.release() }
    return started
  }

  /// Has every loop stop.
  func stop() { unsafe http_engine_stop(engine) }
}
