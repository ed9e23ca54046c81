internal import Foundation
internal import Synchronization

/// What stands between a client and a server of this machine, and can be told to go wrong.
///
/// Bytes pass as they are, whatever the protocol. It listens until it is released.
public final class FaultProxy: Sendable {
  /// What is wrong with the way.
  public enum Fault: Sendable, Equatable {
    /// Nothing.
    case none
    /// What the server says arrives that much later.
    case delay(Duration)
    /// Nothing passes in either direction, and nobody is told: new connections open, and hear nothing.
    ///
    /// What was held up passes once the fault is over, as a network would send it again.
    case blackHole
    /// New connections are reset as soon as they are made; ``FaultProxy/cut(carrying:)`` ends the old ones.
    case reset
    /// Of what the server says, one bit in every piece is wrong.
    case garble
  }

  private let listener: ListeningSocket
  private let links: Links

  /// Stands in front of a port of 127.0.0.1, on another one that the system picks.
  public init(to port: Int) throws {
    let listener = try ListeningSocket()
    let links = Links()
    self.listener = listener
    self.links = links
    Thread {
      while let client = listener.acceptSocket() {
        let isReset = links.fault == .reset
        guard !isReset, let server = Socket.connected(to: port) else {
          client.reset()
          continue
        }
        links.add(FaultLink(client: client, server: server, fault: { [weak links] in links?.fault ?? .none }))
      }
    }.start()
  }

  deinit {
    listener.stop()
    links.set(.none)
    links.cut { _ in true }
  }

  /// The port.
  public var port: Int { listener.port }

  /// How many connections pass now.
  public var connections: Int { links.count }

  /// Goes wrong in that way from now on, for the connections there are and for new ones.
  public func set(_ fault: Fault) { links.set(fault) }

  /// Resets the connections at both ends; with a text, only those whose client began by saying it.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func cut(carrying text: String? = nil) -> Int {
    links.cut { link in text.map { link.hasBegun(with: $0) } ?? true }
  }

  private final class Links: Sendable {
    private let state = Mutex((fault: Fault.none, open: [FaultLink]()))

    var fault: Fault { state.withLock { $0.fault } }

    var count: Int {
      forgetThoseThatAreOver()
      return state.withLock { $0.open.count }
    }

    func add(_ link: FaultLink) {
      forgetThoseThatAreOver()
      state.withLock { $0.open.append(link) }
      link.start()
    }

    func set(_ fault: Fault) {
      let open = state.withLock { state in
        state.fault = fault
        return state.open
      }
      for link in open { link.faultChanged() }
    }

    /// A link is asked outside the lock: it asks for the fault while it holds its own.
    private func forgetThoseThatAreOver() {
      let over = state.withLock { $0.open }.filter(\.isOver)
      state.withLock { state in state.open.removeAll { link in over.contains { $0 === link } } }
    }

    @discardableResult
    func cut(where isMeant: (FaultLink) -> Bool) -> Int {
      let meant = state.withLock { $0.open }.filter { !$0.isOver && isMeant($0) }
      for link in meant { link.cut() }
      return meant.count
    }
  }
}
