internal import SessionCore

extension SessionStoreCase {
  static let readCases = [
    SessionStoreCase("session: what is missing is nil") { probe in
      try await probe.add(probe.session(1))
      try probe.equal(try await probe.store.session(probe.session(2).id), nil, "the answer")
    },
    SessionStoreCase("session: an expired session is answered as stored, not settled") { probe in
      let session = probe.fullSession(1).with { $0.idleTimeout = .seconds(1) }
      try await probe.add(session)
      try await probe.expectStored(session)
    },
    SessionStoreCase("session: sees every write that was answered before") { probe in
      let store = probe.store
      _ = try await probe.together(20) { index in
        var session = probe.session(UInt64(index))
        _ = try await store.insert(session, limit: nil, now: probe.now)
        try await probe.expectStored(session, "the session after its insertion")
        session.revision = 2
        session.status = "busy"
        _ = try await store.replace(session, revision: 1, now: probe.now)
        try await probe.expectStored(session, "the session after its replacement")
        try await store.touch([SessionTouch(id: session.id, requestTime: probe.now)])
        session.requestTime = probe.now
        try await probe.expectStored(session, "the session after its touch")
        _ = try await store.close(session.id, reason: .logout, now: probe.now)
        try await probe.expectStored(session.ended(.logout, at: probe.now), "the session after its closing")
        _ = try await store.remove(session.id)
        try probe.equal(try await store.session(session.id), nil, "the session after its removal")
      }
    },
  ]

  static let replaceCases = [
    SessionStoreCase("replace: every member but the id is replaced") { probe in
      try await probe.add(probe.session(1))
      let new = probe.fullSession(1).with { $0.revision = 2 }
      try probe.equal(try await probe.store.replace(new, revision: 1, now: probe.now), true, "the answer")
      try await probe.expectStored(new)
      let old = probe.session(1).with { $0.revision = 3 }
      try probe.equal(try await probe.store.replace(old, revision: 2, now: probe.now), true, "the second answer")
      try await probe.expectStored(old.with { $0.requestTime = new.requestTime })
    },
    SessionStoreCase("replace: another revision than the stored one changes nothing") { probe in
      let session = probe.session(1).with { $0.revision = 5 }
      try await probe.add(session)
      for revision in [4, 6] as [Int64] {
        let new = session.with {
          $0.revision = revision + 1
          $0.status = "new"
        }
        try probe.equal(
          try await probe.store.replace(new, revision: revision, now: probe.now), false, "the answer to \(revision)")
        try await probe.expectStored(session)
      }
    },
    SessionStoreCase("replace: a missing session is not added") { probe in
      let session = probe.session(1)
      try probe.equal(try await probe.store.replace(session, revision: 0, now: probe.now), false, "the answer")
      try probe.equal(try await probe.store.session(session.id), nil, "the session")
    },
    SessionStoreCase("replace: a closed session stays as it is") { probe in
      let closed = probe.session(1).closed(.logout, at: probe.now - .seconds(1))
      try await probe.add(closed)
      let new = probe.session(1).with { $0.revision = 2 }
      try probe.equal(try await probe.store.replace(new, revision: 1, now: probe.now), false, "the answer")
      try await probe.expectStored(closed)
    },
    SessionStoreCase("replace: an open session is not replaced at its deadline, and is before") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      let new = session.with { $0.revision = 2 }
      try probe.equal(
        try await probe.store.replace(new, revision: 1, now: session.deadline), false, "the answer at the deadline")
      try await probe.expectStored(session)
      let before = session.deadline - TimeSpan(milliseconds: 1)
      try probe.equal(try await probe.store.replace(new, revision: 1, now: before), true, "the answer before it")
    },
    SessionStoreCase("replace: a later request time that is stored is kept, with its deadline") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      try await probe.store.touch([SessionTouch(id: session.id, requestTime: probe.now)])
      let new = session.with {
        $0.revision = 2
        $0.status = "new"
      }
      try probe.equal(try await probe.store.replace(new, revision: 1, now: probe.now), true, "the answer")
      let kept = new.with { $0.requestTime = probe.now }
      try await probe.expectStored(kept)
      let end = kept.deadline - TimeSpan(milliseconds: 1)
      try probe.equal(try await probe.store.count(.live("anna"), now: end), 1, "the live sessions just before its end")
    },
    SessionStoreCase("replace: a later request time than the stored one is taken, with its deadline") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      let new = session.with {
        $0.revision = 2
        $0.requestTime = probe.now
      }
      try probe.equal(try await probe.store.replace(new, revision: 1, now: probe.now), true, "the answer")
      try await probe.expectStored(new)
      try probe.equal(
        try await probe.store.count(.live("anna"), now: session.deadline), 1, "the live sessions at the old deadline")
    },
    SessionStoreCase("replace: a replaced session is found by its new members only") { probe in
      let session = probe.fullSession(1)
      try await probe.add(session)
      let new = session.with {
        $0.revision = 42
        $0.userID = "bert"
        $0.kind = "other"
        $0.status = nil
        $0.address = "::1"
        $0.client = "new"
        $0.requestTime = probe.now
        $0.openTime = probe.now - .minutes(50)
      }
      try probe.equal(try await probe.store.replace(new, revision: 41, now: probe.now), true, "the answer")
      let old: [SessionFilter] = [
        .of { $0.userID = session.userID }, .of { $0.kind = session.kind }, .of { $0.status = session.status },
        .of { $0.address = session.address }, .of { $0.client = session.client },
        .of { $0.requestedBefore = probe.now }, .of { $0.openedFrom = session.openTime },
      ]
      for filter in old {
        try probe.equal(try await probe.all(SessionQuery(filter)).count, 0, "the sessions of \(filter)")
      }
      let found: [SessionFilter] = [
        .of { $0.userID = "bert" }, .of { $0.kind = "other" }, .of { $0.address = "::1" }, .of { $0.client = "new" },
        .of { $0.requestedFrom = probe.now }, .of { $0.openedBefore = session.openTime },
      ]
      for filter in found {
        try probe.equal(try await probe.all(SessionQuery(filter)), [new.withoutContents], "the sessions of \(filter)")
      }
    },
  ]
}
