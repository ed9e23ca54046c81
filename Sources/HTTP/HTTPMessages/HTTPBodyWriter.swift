/// Takes a body piece by piece, and says when there is nobody left to write for.
///
/// It can't be copied or kept, so that pieces are written one after the other and none after the end.
public struct HTTPBodyWriter: ~Copyable, Sendable {
  private let send: @Sendable ([UInt8]) async -> Bool

  /// A writer that hands each piece to `send`, which waits until it is taken and answers whether more may follow.
  public init(_ send: @escaping @Sendable ([UInt8]) async -> Bool) {
    self.send = send
  }

  /// Sends a piece, and returns when the system has taken it: a client that reads slowly slows the writer down.
  ///
  /// Returns `false` if the body should end: the client has hung up or has not read in time, or the server stops. The
  /// task is cancelled then, too, so that one that waits for something to write notices. Pieces written afterwards are
  /// dropped. An empty piece sends nothing.
  public mutating func write(_ piece: [UInt8]) async -> Bool {
    await send(piece)
  }
}
