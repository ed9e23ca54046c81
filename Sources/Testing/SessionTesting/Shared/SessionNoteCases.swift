internal import SessionCore

extension SharedStoreCase {
  static let sessionNoteCases = [
    SharedStoreCase("insert: is told with the session's revision") { probe in
      try await probe.listening { ears in
        let session = probe.writer.fullSession(1)
        let heard = try await probe.notes(ears) { try await probe.writer.add(session) }
        try probe.expect([(session.id, session.revision)], in: heard, "the opening")
      }
    },
    SharedStoreCase("insert: those that make room or whose time was up are told of, too") { probe in
      let old = (0..<3).map { probe.writer.session(UInt64($0), age: .minutes(10 - Int64($0))) }
      let expired = probe.writer.session(5, age: .hours(2))
      try await probe.writer.add(old + [expired])
      try await probe.listening { ears in
        let new = probe.writer.session(9)
        let heard = try await probe.notes(ears) {
          let limit = LiveSessionLimit(maximum: 2, overflow: .evictOldest)
          _ = try await probe.here.insert(new, limit: limit, now: probe.now)
        }
        try probe.expect(
          [(old[0].id, 2), (old[1].id, 2), (expired.id, 2), (new.id, 1)], in: heard, "the opening and the closings")
      }
    },
    SharedStoreCase("insert: one in the place of an ended session with the same carried token is told of") { probe in
      let first = probe.writer.carrying(1)
      try await probe.writer.add(first)
      _ = try await probe.here.close(first.id, reason: .logout, now: probe.now)
      try await probe.listening { ears in
        let second = first.with { $0.revision = 100 }
        let heard = try await probe.notes(ears) { try await probe.writer.add(second) }
        try probe.expect(
          heard.contains(.note(.session(second.id, revision: 100), probe.lane(of: second.id))),
          "the opening to be told",
          found: "\(heard.map(\.description))")
      }
    },
    SharedStoreCase("replace: is told with the new revision") { probe in
      let session = probe.writer.session(1)
      try await probe.writer.add(session)
      try await probe.listening { ears in
        let next = session.with { $0.revision = 7 }
        let heard = try await probe.notes(ears) {
          _ = try await probe.here.replace(next, revision: session.revision, now: probe.now)
        }
        try probe.expect([(session.id, 7)], in: heard, "the change")
      }
    },
    SharedStoreCase("close: is told with the revision of the closed session") { probe in
      let session = probe.writer.fullSession(1)
      try await probe.writer.add(session)
      try await probe.listening { ears in
        let heard = try await probe.notes(ears) {
          _ = try await probe.here.close(session.id, reason: .logout, now: probe.now)
        }
        try probe.expect([(session.id, session.revision + 1)], in: heard, "the closing")
      }
    },
    SharedStoreCase("close: the end of one whose time was up is told, too") { probe in
      let expired = probe.writer.session(1, age: .hours(2))
      try await probe.writer.add(expired)
      try await probe.listening { ears in
        let heard = try await probe.notes(ears) {
          _ = try await probe.here.close(expired.id, reason: .logout, now: probe.now)
        }
        try probe.expect([(expired.id, 2)], in: heard, "the end")
      }
    },
    SharedStoreCase("close matching: each is told of") { probe in
      let sessions = (0..<60).map { probe.writer.session(UInt64($0), age: $0 > 50 ? .hours(2) : .zero) }
      let other = probe.writer.session(100, user: "bert")
      try await probe.writer.add(sessions + [other])
      try await probe.listening { ears in
        let heard = try await probe.notes(ears) {
          let filter = SessionFilter.live("anna")
          _ = try await probe.here.close(
            matching: filter, excluding: sessions[0].id, reason: .account, now: probe.now, limit: 100)
        }
        try probe.expect(sessions.dropFirst().map { ($0.id, 2) }, in: heard, "the closings")
      }
    },
    SharedStoreCase("remove: is told with the highest revision, of an open session and of a closed one") { probe in
      let (open, closed) = (probe.writer.session(1), probe.writer.session(2))
      try await probe.writer.add(open, closed)
      _ = try await probe.here.close(closed.id, reason: .logout, now: probe.now)
      try await probe.listening { ears in
        let heard = try await probe.notes(ears) {
          for id in [open.id, closed.id] { _ = try await probe.here.remove(id) }
        }
        try probe.expect([(open.id, .max), (closed.id, .max)], in: heard, "the removals")
      }
    },
    SharedStoreCase("reap: each is told with its revision, or with the highest if it is removed at once") { probe in
      let expired = (0..<30).map { probe.writer.session(UInt64($0), age: .hours(2)) }
      let carried = probe.writer.carrying(50).with { $0.idleTimeout = .seconds(1) }
      let living = probe.writer.session(60)
      try await probe.writer.add(expired + [carried, living])
      try await probe.listening { ears in
        let heard = try await probe.notes(ears) { _ = try await probe.here.reap(now: probe.now, limit: 100) }
        try probe.expect(expired.map { ($0.id, 2) } + [(carried.id, .max)], in: heard, "the closings")
      }
    },
    SharedStoreCase("purge: each is told with the highest revision") { probe in
      let sessions = (0..<30).map { probe.writer.session(UInt64($0)) }
      try await probe.writer.add(sessions)
      for session in sessions { _ = try await probe.here.close(session.id, reason: .logout, now: probe.now) }
      try await probe.listening { ears in
        let heard = try await probe.notes(ears) {
          _ = try await probe.here.purge(closedBefore: probe.now + .seconds(1), limit: 100)
        }
        try probe.expect(sessions.map { ($0.id, .max) }, in: heard, "the removals")
      }
    },
  ]

  static let silenceCases = [
    SharedStoreCase("silence: a verb that changes nothing, and one that only touches, tells nothing") { probe in
      let (open, closed) = (probe.writer.session(1), probe.writer.session(2))
      try await probe.writer.add(open, closed)
      _ = try await probe.here.close(closed.id, reason: .logout, now: probe.now)
      let (here, now) = (probe.here, probe.now)
      try await probe.listening { ears in
        let verbs: [(String, () async throws -> Void)] = [
          ("insert of a duplicate", { _ = try await here.insert(open, limit: nil, now: now) }),
          (
            "insert beyond the limit",
            {
              let limit = LiveSessionLimit(maximum: 1, overflow: .deny)
              _ = try await here.insert(probe.writer.session(9), limit: limit, now: now)
            }
          ),
          (
            "replace at another revision",
            { _ = try await here.replace(open.with { $0.revision = 9 }, revision: 5, now: now) }
          ),
          (
            "replace of a closed one",
            { _ = try await here.replace(closed.with { $0.revision = 9 }, revision: 2, now: now) }
          ),
          ("close of a closed one", { _ = try await here.close(closed.id, reason: .revoked, now: now) }),
          (
            "close of a missing one",
            { _ = try await here.close(probe.writer.session(8).id, reason: .logout, now: now) }
          ),
          (
            "close matching of nothing",
            {
              _ = try await here.close(
                matching: .live("nobody"), excluding: nil, reason: .account, now: now, limit: 10)
            }
          ),
          ("remove of a missing one", { _ = try await here.remove(probe.writer.session(8).id) }),
          ("touch", { try await here.touch([SessionTouch(id: open.id, requestTime: now + .seconds(1))]) }),
          ("reap of nothing", { _ = try await here.reap(now: now - .days(1), limit: 10) }),
          ("purge of nothing", { _ = try await here.purge(closedBefore: now - .days(1), limit: 10) }),
          ("session", { _ = try await here.session(open.id) }),
          ("page", { _ = try await here.page(SessionQuery(), now: now) }),
          ("count", { _ = try await here.count(SessionFilter(), now: now) }),
        ]
        for (name, verb) in verbs {
          let heard = try await probe.notes(ears, of: verb)
          try probe.expect(heard.isEmpty, "\(name) to tell nothing", found: "\(heard.map(\.description))")
        }
      }
    }
  ]
}
