internal import Accounts
internal import SessionCore

extension SharedStoreCase {
  static let directoryNoteCases = [
    SharedStoreCase("accounts: adding, changing, a password and removing are told, each along the lane of accounts") {
      probe in
      guard let store = probe.here as? any AccountStore else { return }
      try await probe.listening { ears in
        let (actor, now) = (Actor.tester, probe.now)
        var added: [Account] = []
        for name in ["root", "ana"] as [ExactText] {
          let heard = try await probe.notes(ears) {
            let outcome = try await store.insert(.named(name), password: nil, by: actor, now: now)
            guard case .inserted(let account) = outcome else { return }
            added.append(account)
          }
          let account = try probe.unwrap(added.last, "an account")
          try probe.expectAccount(account.id, in: heard, "the creation")
        }
        let ana = added[1]
        let changes: [(String, () async throws -> Void)] = [
          (
            "the change",
            {
              var profile = ana.profile
              profile.name = "Ana"
              _ = try await store.replace(profile, of: ana.id, revision: 1, by: actor, now: now)
            }
          ),
          (
            "the password",
            {
              _ = try await store.setPassword(
                PasswordHash("$hash$1"), replacing: nil, closing: ClosingDue(), of: ana.id, by: actor, now: now)
            }
          ),
          (
            "the upgraded hash",
            {
              _ = try await store.setPassword(
                PasswordHash("$hash$2"), replacing: PasswordHash("$hash$1"), closing: nil, of: ana.id, by: actor,
                now: now)
            }
          ),
          ("the removal", { _ = try await store.remove(ana.id, by: actor, now: now) }),
        ]
        for (what, change) in changes {
          try probe.expectAccount(ana.id, in: try await probe.notes(ears, of: change), what)
        }
      }
    },
    SharedStoreCase("accounts: a verb that changes none tells nothing") { probe in
      guard let store = probe.here as? any AccountStore else { return }
      let (actor, now) = (Actor.tester, probe.now)
      guard case .inserted(let root) = try await store.insert(.named("root"), password: nil, by: actor, now: now),
        case .inserted(let ana) = try await store.insert(.named("ana"), password: nil, by: actor, now: now)
      else { throw ConformanceFailure(caseName: probe.caseName, expectation: "two accounts", found: "fewer") }
      try await probe.listening { ears in
        let verbs: [(String, () async throws -> Void)] = [
          ("a taken name", { _ = try await store.insert(.named("ana"), password: nil, by: actor, now: now) }),
          (
            "another revision",
            { _ = try await store.replace(.named("b"), of: ana.id, revision: 9, by: actor, now: now) }
          ),
          (
            "a name that is taken",
            { _ = try await store.replace(.named("root"), of: ana.id, revision: 1, by: actor, now: now) }
          ),
          (
            "another password",
            {
              _ = try await store.setPassword(
                PasswordHash("$hash$2"), replacing: PasswordHash("$hash$1"), closing: nil, of: ana.id, by: actor,
                now: now)
            }
          ),
          ("the last administrator", { _ = try await store.remove(root.id, by: actor, now: now) }),
          ("a missing account", { _ = try await store.remove(AccountID(999), by: actor, now: now) }),
          ("a read", { _ = try await store.account(ana.id) }),
        ]
        for (name, verb) in verbs {
          let heard = try await probe.notes(ears, of: verb)
          try probe.expect(heard.isEmpty, "\(name) to tell nothing", found: "\(heard.map(\.description))")
        }
      }
    },
    SharedStoreCase("service keys: adding and revoking one is told; a use of it, and a key that is not there, is not") {
      probe in
      guard let store = probe.here as? any ServiceKeyStore else { return }
      let (actor, now) = (Actor.tester, probe.now)
      try await probe.listening { ears in
        let digest = [UInt8](repeating: 7, count: 32)
        var keys: [ServiceKey] = []
        let added = try await probe.notes(ears) {
          keys.append(
            try await store.insertKey(name: "k", scopes: [], expires: nil, digest: digest, by: actor, now: now))
        }
        let key = try probe.unwrap(keys.first, "a key")
        try probe.expect([.serviceKeys], along: { _ in probe.here.directoryLane }, in: added, "the new key")
        let silent = try await probe.notes(ears) {
          try await store.touchKey(key.id, at: now)
          _ = try await store.revokeKey(key.id + 1, by: actor, now: now)
          _ = try await store.serviceKey(digest: digest)
        }
        try probe.expect(silent.isEmpty, "nothing to be told", found: "\(silent.map(\.description))")
        let revoked = try await probe.notes(ears) { _ = try await store.revokeKey(key.id, by: actor, now: now) }
        try probe.expect([.serviceKeys], along: { _ in probe.here.directoryLane }, in: revoked, "the revocation")
      }
    },
  ]
}

extension SharedProbe {
  /// Expects the note of one account.
  fileprivate func expectAccount(_ id: AccountID, in heard: [Sound], _ what: String) throws {
    try expect([.account(id.number)], along: { _ in here.directoryLane }, in: heard, what)
  }
}

extension AccountProfile {
  /// A profile with nothing but a user name.
  fileprivate static func named(_ name: ExactText) -> AccountProfile {
    var profile = AccountProfile()
    profile.username = name
    return profile
  }
}
