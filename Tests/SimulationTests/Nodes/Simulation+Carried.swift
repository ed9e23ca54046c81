import SessionTesting
import Synchronization

@testable import SessionCore

/// Sessions with a token of the client's own, whose id is the same each time it opens one again.
struct CarriedLedger {
  /// An opening or a closing of one credential's session.
  struct Change {
    var isOpening: Bool
    var beganOrder: Int
    /// When it was answered; `nil` if it was not, and may have happened or still happen.
    var endOrder: Int?
    var endTime: Timestamp?
    var node: Int
  }

  let lease: TimeSpan
  let evicts: Bool
  /// The changes of each credential.
  var changes: [Int: [Change]] = [:]
  /// The id of each credential's session.
  var ids: [Int: SessionID] = [:]

  /// What an acceptance breaks; `nil` if nothing.
  func accepted(_ credential: Int, _ question: Ledger.Question) -> String? {
    let changes = changes[credential] ?? []
    for closing in changes where !closing.isOpening {
      guard let time = closing.endTime, let order = closing.endOrder else { continue }
      let isOpenedSince = changes.contains { $0.isOpening && ($0.endOrder ?? .max) > closing.beganOrder }
      if isOpenedSince { continue }
      if question.time > time + lease { return "a carried token accepted later than the bound" }
      if question.node == closing.node, question.order > order { return "a carried token accepted where it was closed" }
    }
    return nil
  }

  /// What a refusal breaks; `nil` if nothing.
  func refused(_ credential: Int, _ question: Ledger.Question) -> String? {
    // The sessions of all credentials are one user's, and make room for each other.
    if evicts { return nil }
    let changes = changes[credential] ?? []
    let opening = changes.last { $0.isOpening && ($0.endOrder ?? .max) < question.order }
    guard let opening else { return nil }
    let isClosedSince = changes.contains { change in
      !change.isOpening && (change.endOrder ?? .max) > opening.beganOrder
    }
    return isClosedSince ? nil : "a carried token refused that had been opened"
  }
}

extension Simulation {
  private static let user: ExactText = "carrier"

  private func token(_ credential: Int) -> [UInt8] { Array("own token \(credential)".utf8) }

  private func begin(_ credential: Int, isOpening: Bool, on node: Node) -> Int {
    let order = ledger.withLock { $0.next() }
    return carried.withLock { carried in
      carried.changes[credential, default: []].append(
        CarriedLedger.Change(
          isOpening: isOpening, beganOrder: order, endOrder: nil, endTime: nil, node: node.number))
      return (carried.changes[credential]?.count ?? 1) - 1
    }
  }

  private func end(_ credential: Int, _ index: Int) {
    let (order, now) = (ledger.withLock { $0.next() }, clock.now())
    carried.withLock { carried in
      carried.changes[credential]?[index].endOrder = order
      carried.changes[credential]?[index].endTime = now
    }
  }

  func openCarried() {
    let (node, credential) = (anyNode(), number(below: 3))
    spawn(on: node) { [self] in
      let index = begin(credential, isOpening: true, on: node)
      let draft = CarriedDraft(
        userID: Self.user, token: token(credential), text: token(credential), openTime: node.clock.now(),
        lifetime: .hours(1))
      guard case .opened(let session, _)? = try? await node.sessions.open(draft, by: Self.actor) else { return }
      end(credential, index)
      carried.withLock { $0.ids[credential] = session.id }
      ledger.withLock { $0.count("an opening with a carried token") }
    }
  }

  func closeCarried() {
    let (node, credential) = (anyNode(), number(below: 3))
    guard let id = carried.withLock({ $0.ids[credential] }) else { return }
    let isRemoval = chance(30)
    spawn(on: node) { [self] in
      let index = begin(credential, isOpening: false, on: node)
      if isRemoval {
        guard (try? await node.sessions.remove(id, by: Self.actor)) != nil else { return }
      } else {
        guard (try? await node.sessions.close(id, reason: .logout, by: Self.actor)) != nil else { return }
      }
      end(credential, index)
      ledger.withLock { $0.count("a closing of a carried token") }
    }
  }

  func verifyCarried() {
    let (node, credential) = (anyNode(), number(below: 3))
    let isAtOnce = chance(50)
    spawn(on: node) { [self] in
      let question = Ledger.Question(
        time: clock.now(), order: ledger.withLock { $0.next() }, node: node.number)
      let token = token(credential)
      let isAccepted: Bool?
      if isAtOnce {
        isAccepted = unsafe token.withUnsafeBytes { token in
          unsafe Array(Self.user.string.utf8).withUnsafeBytes { user in
            let found = unsafe node.sessions.verifyCarriedAtOnce(token, of: user, now: node.clock.now())
            return if case .active = found { true } else { nil }
          }
        }
      } else {
        isAccepted = (try? await node.sessions.verifyCarried(token, of: Self.user)).map { verdict in
          if case .active = verdict { true } else { false }
        }
      }
      guard let isAccepted else { return }
      let failure = carried.withLock {
        isAccepted ? $0.accepted(credential, question) : $0.refused(credential, question)
      }
      ledger.withLock { ledger in
        ledger.count(isAccepted ? "a carried token accepted" : "a carried token refused")
        if let failure { ledger.fail(failure) }
      }
    }
  }
}
