/// What one node tells all nodes that share its store.
///
/// A note tells that something was written, never what: whoever keeps a copy drops it, and reads again.
public enum ChangeNote: Sendable, Equatable {
  /// A session was written, and is at that revision now; at `.max` if it was removed.
  case session(SessionID, revision: Int64)
  /// The account of that number was added, written or removed.
  case account(Int64)
  /// A service key was added or revoked.
  case serviceKeys
  /// A node's own sign of life, which comes back to it along the same path as everybody's notes.
  case heartbeat(UInt64)
  /// What a node says of itself.
  case node(NodeSign)
}

extension ChangeNote {
  /// The note as a line of ASCII without its end, as all stores send it: "s ID REVISION", "a NUMBER", "k", "h NUMBER",
  /// or "n" and what ``NodeSign`` makes of itself.
  public var text: String {
    switch self {
    case .session(let id, let revision): "s \(id.description) \(revision)"
    case .account(let number): "a \(number)"
    case .serviceKeys: "k"
    case .heartbeat(let number): "h \(number)"
    case .node(let sign): "n \(sign.text)"
    }
  }

  /// Reads ``text``; `nil` for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
    switch (parts.first.map { Array($0) }, parts.count) {
    case ([0x73], 3):
      guard let id = SessionID(parts[1]), let revision = Int64(parts[2].text) else { return nil }
      self = .session(id, revision: revision)
    case ([0x61], 2):
      guard let number = Int64(parts[1].text) else { return nil }
      self = .account(number)
    case ([0x6B], 1): self = .serviceKeys
    case ([0x68], 2):
      guard let number = UInt64(parts[1].text) else { return nil }
      self = .heartbeat(number)
    case ([0x6E], 11...):
      // More words than are known here may come of a newer node.
      guard let sign = NodeSign(words: parts[1...].map(\.text)) else { return nil }
      self = .node(sign)
      return
    default: return nil
    }
    // One text for each note: what a number's reader lets through besides, such as a sign, is none.
    guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
  }
}

extension Sequence<UInt8> {
  fileprivate var text: String { String(decoding: Array(self), as: UTF8.self) }
}
