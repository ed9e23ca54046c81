import MemoryStore
import SessionCore
import SessionTesting

extension Breakage {
  static let all: [Breakage] = writing + closing + reading + upkeep + logging + telling

  private static let writing = [
    Breakage("insert", "ignores the limit") { store in
      store.insert = { base, input throws(StoreError) in
        try await base.insert(input.session, limit: nil, now: input.now)
      }
    },
    Breakage("insert", "replaces a session whose id is taken") { store in
      store.insert = { base, input throws(StoreError) in
        _ = try await base.remove(input.session.id)
        return try await base.insert(input.session, limit: input.limit, now: input.now)
      }
    },
    Breakage("insert", "counts and adds in two steps") { store in
      store.insert = { base, input throws(StoreError) in
        guard let limit = input.limit, limit.overflow == .deny else {
          return try await base.insert(input.session, limit: input.limit, now: input.now)
        }
        var filter = SessionFilter()
        filter.userID = input.session.userID
        filter.isAlive = true
        let live = try await base.count(filter, now: input.now)
        for _ in 0..<20 { await Task.yield() }
        guard live < limit.maximum else { return .limitReached }
        return try await base.insert(input.session, limit: nil, now: input.now)
      }
    },
    Breakage("insert", "evicts the least recent for the oldest") { store in
      store.insert = { base, input throws(StoreError) in
        let limit = input.limit.map { LiveSessionLimit(maximum: $0.maximum, overflow: .evictLeastRecent) }
        return try await base.insert(input.session, limit: limit, now: input.now)
      }
    },
    Breakage("insert", "leaves open what has expired of its user") { store in
      store.insert = { base, input throws(StoreError) in
        let outcome = try await base.insert(input.session, limit: input.limit, now: input.now)
        guard case .inserted(let closed) = outcome else { return outcome }
        for session in closed where session.isClosedAsExpired {
          try await base.rewrite(session.id) { ($0.closeTime, $0.closeReason) = (nil, nil) }
        }
        return outcome
      }
    },
    Breakage("insert", "forgets the address") { store in
      store.insert = { base, input throws(StoreError) in
        var session = input.session
        session.address = nil
        return try await base.insert(session, limit: input.limit, now: input.now)
      }
    },
    Breakage("insert", "forgets the carried token") { store in
      store.insert = { base, input throws(StoreError) in
        var session = input.session
        session.carried = nil
        return try await base.insert(session, limit: input.limit, now: input.now)
      }
    },
    Breakage("insert", "keeps what ended in the place of the next session of its token") { store in
      store.insert = { base, input throws(StoreError) in
        if try await base.session(input.session.id) != nil { return .duplicate }
        return try await base.insert(input.session, limit: input.limit, now: input.now)
      }
    },
    Breakage("reap", "keeps what carried a token") { store in
      store.reap = { base, input throws(StoreError) in
        let reaped = try await base.reap(now: input.now, limit: input.limit)
        for session in reaped where session.carried != nil {
          _ = try await base.insert(session.closed(.lifetime, at: input.now), limit: nil, now: input.now)
        }
        return reaped
      }
    },
    Breakage("session", "answers sessions settled") { store in
      store.session = { base, id throws(StoreError) in try await base.session(id)?.settled(at: .latest) }
    },
    Breakage("session", "answers another session for a missing one") { store in
      store.session = { base, id throws(StoreError) in
        if let session = try await base.session(id) { return session }
        return try await base.page(SessionQuery(limit: 1), now: .earliest).sessions.first
      }
    },
    Breakage("replace", "ignores the revision") { store in
      store.replace = { base, input throws(StoreError) in
        let stored = try await base.session(input.session.id)
        return try await base.replace(input.session, revision: stored?.revision ?? 0, now: input.now)
      }
    },
    Breakage("replace", "takes back a touch") { store in
      store.replace = { base, input throws(StoreError) in
        guard try await base.replace(input.session, revision: input.revision, now: input.now) else { return false }
        _ = try await base.remove(input.session.id)
        _ = try await base.insert(input.session, limit: nil, now: input.now)
        return true
      }
    },
    Breakage("replace", "adds a missing session") { store in
      store.replace = { base, input throws(StoreError) in
        if try await base.session(input.session.id) == nil {
          _ = try await base.insert(input.session, limit: nil, now: input.now)
          return true
        }
        return try await base.replace(input.session, revision: input.revision, now: input.now)
      }
    },
    Breakage("replace", "replaces at the deadline") { store in
      store.replace = { base, input throws(StoreError) in
        let before = input.now - TimeSpan(milliseconds: 1)
        return try await base.replace(input.session, revision: input.revision, now: before)
      }
    },
    Breakage("replace", "revives what is closed") { store in
      store.replace = { base, input throws(StoreError) in
        if let stored = try await base.session(input.session.id), stored.closeTime != nil {
          _ = try await base.remove(stored.id)
          _ = try await base.insert(input.session, limit: nil, now: input.now)
          return true
        }
        return try await base.replace(input.session, revision: input.revision, now: input.now)
      }
    },
    Breakage("touch", "shortens") { store in
      store.touch = { base, touches throws(StoreError) in
        for touch in touches { try await base.rewrite(touch.id) { $0.requestTime = touch.requestTime } }
      }
    },
    Breakage("touch", "raises the revision") { store in
      store.touch = { base, touches throws(StoreError) in
        try await base.touch(touches)
        for touch in touches { try await base.rewrite(touch.id) { $0.revision += 1 } }
      }
    },
    Breakage("touch", "touches what is closed") { store in
      store.touch = { base, touches throws(StoreError) in
        try await base.touch(touches)
        for touch in touches {
          try await base.rewrite(touch.id) { if $0.closeTime != nil { $0.requestTime = touch.requestTime } }
        }
      }
    },
    Breakage("touch", "stops at a missing session") { store in
      store.touch = { base, touches throws(StoreError) in
        for touch in touches {
          guard try await base.session(touch.id) != nil else { return }
          try await base.touch([touch])
        }
      }
    },
    Breakage("race", "replaces in two steps") { store in
      store.replace = { base, input throws(StoreError) in
        let stored = try await base.session(input.session.id)
        for _ in 0..<20 { await Task.yield() }
        guard stored?.revision == input.revision, stored?.closeTime == nil else { return false }
        _ = try await base.remove(input.session.id)
        _ = try await base.insert(input.session, limit: nil, now: input.now)
        return true
      }
    },
  ]
}

extension MemoryStore {
  /// Changes a stored session without any condition.
  func rewrite(_ id: SessionID, _ change: (inout Session) -> Void) async throws(StoreError) {
    guard var session = try await remove(id) else { return }
    change(&session)
    _ = try await insert(session, limit: nil, now: .earliest)
  }
}
