internal import CHTTPEngine

/// The engine's connection while a request of it is in progress.
///
/// Unchecked, because it holds a pointer: the engine keeps the connection alive until it has been answered or its
/// stream has ended, which happens once, on its loop's thread.
@safe
struct ConnectionHandle: @unchecked Sendable {
  private let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) {
    unsafe self.pointer = pointer
  }

  /// What tells it from every other connection with a request in progress.
  var key: UInt { unsafe UInt(bitPattern: pointer) }

  /// Whether the answer may leave the connection open.
  var isKept: Bool { unsafe http_connection_is_kept(pointer) }

  /// Has the request handed over once more, after it has waited for so long; from any thread.
  func askAgain(after waited: Duration) {
    let (seconds, attoseconds) = waited.components
    let nanoseconds = UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000)
    unsafe http_connection_ask_again(pointer, max(1, nanoseconds))
  }

  /// Sends a whole answer.
  ///
  /// It is dropped if the client has gone.
  func answer(_ bytes: UnsafeBufferPointer<UInt8>, isKept: Bool) {
    guard let start = bytes.baseAddress else { return }
    unsafe http_connection_answer(pointer, start, bytes.count, isKept)
  }

  /// Whether the client understands a body in chunks.
  var takesChunks: Bool { unsafe http_connection_takes_chunks(pointer) }

  /// Sends the head of an answer whose body follows in pieces; answers whether it was handed over at once.
  func beginStream(_ head: [UInt8], isKept: Bool) -> Bool {
    unsafe head.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return false }
      return unsafe http_connection_begin_stream(pointer, start, bytes.count, isKept)
    }
  }

  /// Sends a piece of that body; answers whether it was handed over at once.
  func write(_ piece: [UInt8]) -> Bool {
    unsafe piece.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return false }
      return unsafe http_connection_write(pointer, start, bytes.count)
    }
  }

  /// Ends that body.
  func endStream() { unsafe http_connection_end_stream(pointer) }
}
