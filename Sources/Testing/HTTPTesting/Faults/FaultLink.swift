internal import Foundation

/// One client's way through a ``FaultProxy`` to the server, and back.
///
/// Unchecked, because the compiler can't see what holds: what changes is touched under the condition's lock only.
final class FaultLink: @unchecked Sendable {
  private struct Piece {
    let bytes: [UInt8]
    let arrival: ContinuousClock.Instant
  }

  /// What goes one way.
  private struct Direction {
    var waiting: [Piece] = []
    /// Whether its sender has ended it, so that nothing comes behind what waits.
    var isEnded = false
    /// Whether its receiver knows that, too.
    var isDone = false
  }

  private let client: Socket
  private let server: Socket
  private let fault: @Sendable () -> FaultProxy.Fault
  private let condition = NSCondition()
  private var beginning: [UInt8] = []
  private var questions = Direction()
  private var answers = Direction()
  private var isCut = false

  /// How much of what a client says first is remembered.
  private static let remembered = 16_384
  /// How much may wait in each direction; whoever sends more waits, too.
  private static let mostPieces = 1024

  init(client: Socket, server: Socket, fault: @escaping @Sendable () -> FaultProxy.Fault) {
    self.client = client
    self.server = server
    self.fault = fault
  }

  /// Begins to pass on what comes, on threads of its own, until both sides have ended or one is gone.
  func start() {
    for work in [
      { self.read(from: self.client, \.questions) }, { self.read(from: self.server, \.answers) },
      { self.write(to: self.server, \.questions) }, { self.write(to: self.client, \.answers) },
    ] as [@Sendable () -> Void] { Thread(block: work).start() }
  }

  /// Whether nothing passes any more.
  var isOver: Bool { condition.withLock { isCut || questions.isDone && answers.isDone } }

  /// Whether that text is in the first bytes that the client has sent.
  func hasBegun(with text: String) -> Bool {
    let text = Array(text.utf8)
    return condition.withLock {
      guard text.count <= beginning.count else { return false }
      return (0...(beginning.count - text.count)).contains { beginning[$0...].starts(with: text) }
    }
  }

  /// Has what waits look again at what is wrong.
  func faultChanged() { condition.withLock { condition.broadcast() } }

  /// Resets both ends.
  func cut() {
    condition.withLock {
      isCut = true
      condition.broadcast()
    }
    client.reset()
    server.reset()
  }

  private typealias Way = ReferenceWritableKeyPath<FaultLink, Direction>

  private func read(from side: Socket, _ way: Way) {
    while let bytes = side.receive() {
      condition.lock()
      defer { condition.unlock() }
      if way == \.questions, beginning.count < Self.remembered {
        beginning += bytes.prefix(Self.remembered - beginning.count)
      }
      while !isCut, self[keyPath: way].waiting.count >= Self.mostPieces { condition.wait() }
      if isCut { return }
      if bytes.isEmpty {
        self[keyPath: way].isEnded = true
      } else {
        self[keyPath: way].waiting.append(Piece(bytes: bytes, arrival: .now))
      }
      condition.broadcast()
      if bytes.isEmpty { return }
    }
    cut()
  }

  private func write(to side: Socket, _ way: Way) {
    while let piece = next(way) {
      var bytes = piece.bytes
      if way == \.answers, fault() == .garble { bytes[bytes.count / 2] ^= 0x10 }
      guard side.send(bytes) else { return cut() }
    }
    side.end()
    condition.withLock { self[keyPath: way].isDone = true }
  }

  /// Waits until something may pass, and takes it; `nil` at the end.
  private func next(_ way: Way) -> Piece? {
    condition.lock()
    defer { condition.unlock() }
    while !isCut {
      let direction = self[keyPath: way]
      switch (direction.waiting.first, fault()) {
      case (_, .blackHole): condition.wait()
      case (nil, _):
        if direction.isEnded { return nil }
        condition.wait()
      case (let piece?, .delay(let delay)) where way == \.answers && piece.arrival + delay > .now:
        let rest = (piece.arrival + delay - .now).components
        _ = condition.wait(until: Date() + Double(rest.seconds) + Double(rest.attoseconds) / 1e18)
      case (let piece?, _):
        self[keyPath: way].waiting.removeFirst()
        condition.broadcast()
        return piece
      }
    }
    return nil
  }
}
