internal import SessionCore

extension SessionStoreCase {
  static let raceCases = [
    SessionStoreCase("race: of 50 insertions of one id, one is the first") { probe in
      let outcomes = try await probe.together(50) { index in
        try await probe.store.insert(
          probe.session(1).with { $0.generation = UInt32(index) }, limit: nil, now: probe.now)
      }
      try probe.equal(outcomes.filter { $0 == .inserted(closed: []) }.count, 1, "the insertions that succeeded")
      try probe.equal(outcomes.filter { $0 == .duplicate }.count, 49, "the duplicates")
    },
    SessionStoreCase("race: of 50 replacements at one revision, one is made") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      let winners = try await probe.together(50) { index in
        let new = session.with { ($0.revision, $0.generation) = (2, UInt32(index)) }
        return try await probe.store.replace(new, revision: 1, now: probe.now) ? new : nil
      }.compactMap { $0 }
      try probe.equal(winners.count, 1, "the replacements made")
      try await probe.expectStored(try probe.unwrap(winners.first, "a replacement"))
    },
    SessionStoreCase("race: of 50 closings, one closes, and all see its outcome") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      let outcomes = try await probe.together(50) { index in
        let reason: CloseReason = index % 2 == 0 ? .logout : .revoked
        return try await probe.store.close(session.id, reason: reason, now: probe.now + .seconds(Int64(index)))
      }
      try probe.equal(outcomes.filter { $0?.isClosedNow == true }.count, 1, "the closings")
      try probe.equal(Set(outcomes.map { $0?.session.closeTime }).count, 1, "the different close times seen")
    },
    SessionStoreCase("race: nothing revives a session, whatever is done to it while it is closed") { probe in
      let sessions = (0..<40).map { probe.session($0) }
      try await probe.add(sessions)
      _ = try await probe.together(200) { index in
        let session = sessions[index % 40]
        switch index / 40 {
        case 0, 1:
          let new = session.with { $0.revision = 2 }
          _ = try await probe.store.replace(new, revision: 1, now: probe.now)
        case 2: try await probe.store.touch([SessionTouch(id: session.id, requestTime: probe.now)])
        case 3: _ = try await probe.store.reap(now: probe.now, limit: 10)
        default:
          let outcome = try await probe.store.close(session.id, reason: .revoked, now: probe.now)
          try probe.equal(outcome?.isClosedNow, true, "whether the closing closed it")
          let closed = try probe.unwrap(outcome, "an outcome").session
          try await probe.expectStored(closed, "the session after its closing")
        }
      }
      for session in sessions {
        let stored = try probe.unwrap(try await probe.store.session(session.id), "the session")
        try probe.equal(stored.closeTime, probe.now, "its close time")
        try probe.equal(stored.closeReason, .revoked, "its close reason")
      }
      try probe.equal(try await probe.live("anna").count, 0, "the live sessions")
    },
    SessionStoreCase("race: two closings by filter share the sessions between them") { probe in
      try await probe.add((0..<60).map { probe.session($0) })
      let batches = try await probe.together(10) { _ in
        try await probe.store.close(
          matching: .of { $0.userID = "anna" }, excluding: nil, reason: .revoked, now: probe.now, limit: 7)
      }
      try probe.equal(batches.flatMap { $0 }.count, 60, "the number closed")
      try probe.equal(Set(batches.flatMap { $0 }.map(\.id)).count, 60, "the number of different ones closed")
    },
  ]

  static let lifecycleCases = [
    SessionStoreCase("check: returns while the store can serve") { probe in try await probe.store.check() },
    SessionStoreCase("shutdown: every later call throws closed, and it may be called again") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      await probe.store.shutdown()
      await probe.store.shutdown()
      for verb in StoreVerb.ofSessions {
        do {
          try await verb.call(probe.store, with: session, now: probe.now)
        } catch let error as StoreError {
          try probe.equal(error.code, .closed, "the error of \(verb)")
          continue
        }
        try probe.expect(false, "\(verb) to throw after the shutdown", found: "an answer")
      }
    },
  ]
}

extension StoreVerb {
  /// Calls a verb of ``SessionStore`` with arguments about `session`.
  fileprivate func call(_ store: any SessionStore, with session: Session, now: Timestamp) async throws {
    switch self {
    case .insert: _ = try await store.insert(session, limit: nil, now: now)
    case .session: _ = try await store.session(session.id)
    case .replace: _ = try await store.replace(session, revision: session.revision, now: now)
    case .close: _ = try await store.close(session.id, reason: .revoked, now: now)
    case .closeMatching:
      _ = try await store.close(matching: SessionFilter(), excluding: nil, reason: .revoked, now: now, limit: 1)
    case .touch: try await store.touch([SessionTouch(id: session.id, requestTime: now)])
    case .remove: _ = try await store.remove(session.id)
    case .page: _ = try await store.page(SessionQuery(), now: now)
    case .count: _ = try await store.count(SessionFilter(), now: now)
    case .reap: _ = try await store.reap(now: now, limit: 1)
    case .purge: _ = try await store.purge(closedBefore: now, limit: 1)
    case .check: try await store.check()
    default: return
    }
  }
}
