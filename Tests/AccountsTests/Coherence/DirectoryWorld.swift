import Accounts
import Cryptography
import MemoryStore
import SessionTesting

@testable import SessionCore

/// Two nodes with accounts and service keys on one store, with a clock turned by hand and notes that are heard when the
/// test says so; account 1 is an administrator.
final class DirectoryWorld: Sendable {
  struct Node: Sendable {
    let number: Int
    let calls: CallCounter
    let gate: ReadGate
    let coherence: Coherence
    let sessions: Sessions
    let accounts: Accounts
    let keys: ServiceKeys
    let logins: Logins
    let follower: Task<Void, Never>
  }

  static let actor = AccountsWorld.actor
  static let password = "correct horse"
  let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
  let place: SharedMemory
  let nodes: [Node]
  var here: Node { nodes[0] }
  var there: Node { nodes[1] }
  /// The lane of sessions and that of accounts and keys differ.
  private let lanes = 3

  init() async throws {
    let clock = clock
    let place = SharedMemory(MemoryStore(), lanes: 2, clock: clock)
    place.holdNotes()
    self.place = place
    nodes = (0..<2).map { number in
      let store = place.node()
      let (calls, gate) = (CallCounter(), ReadGate())
      let watched = InterceptedStore(InterceptedStore(store, calls), gate)
      let coherence = Coherence(store: store, clock: clock, random: SeededRandom(seed: UInt64(number) + 10))
      let sessions = Sessions(
        store: watched, policy: SessionPolicy(),
        keys: KeyRing(signing: RingKey(id: 1, secret: SecretBytes([UInt8](repeating: 1, count: 32)))), clock: clock,
        random: SeededRandom(seed: UInt64(number) + 1), coherence: coherence)
      let hasher = FakeHasher()
      let accounts = Accounts(store: watched, sessions: sessions, hasher: hasher, clock: clock)
      return Node(
        number: number, calls: calls, gate: gate, coherence: coherence, sessions: sessions, accounts: accounts,
        keys: ServiceKeys(
          store: watched, clock: clock, random: SeededRandom(seed: UInt64(number) + 3), cacheAge: .hours(1),
          coherence: coherence),
        logins: Logins(
          accounts: accounts, sessions: sessions, store: watched, events: watched, hasher: hasher, identities: nil,
          policy: LoginPolicy()),
        follower: Task { await store.follow(coherence) })
    }
    for node in nodes {
      for lane in 0..<lanes { while place.waiting(for: node.number, along: lane) == 0 { await Task.yield() } }
    }
    await beat()
    _ = try await create("root")
    await beat()
  }

  deinit { for node in nodes { node.follower.cancel() } }

  func hear(_ node: Node) {
    for lane in 0..<lanes { while place.deliver(to: node.number, along: lane) {} }
  }

  /// Has every node hear all there is, and then heartbeats of its own.
  func beat() async {
    for node in nodes { hear(node) }
    for node in nodes { for lane in 0..<lanes { await node.coherence.sendHeartbeat(along: lane) } }
    for node in nodes { hear(node) }
  }

  /// Cuts a node off the lane of accounts and connects it again.
  func reopen(_ node: Node, _ meanwhile: () async throws -> Void = {}) async rethrows {
    place.disconnect(node.number, along: 2)
    try await meanwhile()
    place.reconnect(node.number, along: 2)
    await beat()
  }

  func create(_ name: String) async throws -> Account {
    var profile = AccountProfile()
    profile.username = ExactText(name)
    profile.email = EmailAddress("\(name)@example.com")
    let verdict = try await here.accounts.create(profile, password: .plain(Self.password), by: Self.actor)
    guard let account = verdict.account else { throw StoreError(.corrupt, "The account was not created.") }
    return account
  }

  func deactivate(_ account: Account, on node: Node) async throws {
    _ = try await node.accounts.change(account.id, by: Self.actor) { $0.isActive = false }
  }

  func logIn(_ name: String, on node: Node) async throws -> LoginVerdict {
    try await node.logins.logIn(
      email: "\(name)@example.com", password: Self.password, as: AccountsWorld.context("192.0.2.1"))
  }
}

extension CachedAccount {
  var isActive: Bool? { if case .account(let account) = self { account.profile.isActive } else { nil } }
}
