internal import CHTTPEngine

/// The engine's connection while a request of it is in progress.
///
/// Unchecked, because it holds a pointer: the engine keeps the connection alive until it has been answered, and it is
/// answered once, on its loop's thread.
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

  /// Sends a whole answer.
  ///
  /// It is dropped if the client has gone.
  func answer(_ bytes: UnsafeBufferPointer<UInt8>, isKept: Bool) {
    guard let start = bytes.baseAddress else { return }
    unsafe http_connection_answer(pointer, start, bytes.count, isKept)
  }
}
