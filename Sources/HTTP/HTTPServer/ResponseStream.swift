internal import HTTPMessages

/// A response whose body is being written: where its task waits for the engine, and whether it should go on.
///
/// Unchecked, because the compiler can't see what holds: all of it runs on the loop's own thread, from the engine's
/// callbacks and, being `@concurrent`, on the executor that the request's task prefers.
final class ResponseStream: @unchecked Sendable {
  private let connection: ConnectionHandle
  private var waiter: CheckedContinuation<Void, Never>?
  private var isAtWork = false
  private var piecesAtOnce = 0
  /// Whether more should be written.
  private(set) var isOpen = true
  private var isConnected = true

  init(of connection: ConnectionHandle) {
    self.connection = connection
  }

  /// Sends the head, and waits until it is handed over.
  @concurrent
  func begin(_ head: [UInt8], isKept: Bool) async {
    await handOver { connection.beginStream(head, isKept: isKept) }
  }

  /// Sends a piece; answers whether more should follow.
  @concurrent
  func write(_ piece: [UInt8]) async -> Bool {
    if isOpen, !piece.isEmpty { await handOver { connection.write(piece) } }
    return isOpen
  }

  private func handOver(_ send: () -> Bool) async {
    precondition(!isAtWork, "pieces of a body are written one at a time")
    isAtWork = true
    defer { isAtWork = false }
    if send() {
      // A client that takes everything at once must not keep the loop from its other clients.
      piecesAtOnce += 1
      if piecesAtOnce % 16 == 0 { await Task.yield() }
    } else if isConnected {
      await withCheckedContinuation { waiter = $0 }
    }
  }

  /// The engine has handed the last piece over.
  func written() {
    let waiting = waiter
    waiter = nil
    waiting?.resume()
  }

  /// The body should end; without a connection, nobody waits for what is under way.
  func interrupt(isConnected: Bool) {
    isOpen = false
    guard !isConnected else { return }
    self.isConnected = false
    written()
  }
}
