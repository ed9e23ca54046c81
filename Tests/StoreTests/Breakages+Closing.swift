import MemoryStore
import SessionCore
import SessionTesting

extension Breakage {
  static let closing = [
    Breakage("close:", "changes the reason of what is closed") { store in
      store.close = { base, input throws(StoreError) in
        let outcome = try await base.close(input.id, reason: input.reason, now: input.now)
        if outcome?.isClosedNow == false { try await base.rewrite(input.id) { $0.closeReason = input.reason } }
        return outcome
      }
    },
    Breakage("close:", "closes what has expired") { store in
      store.close = { base, input throws(StoreError) in
        try await base.close(input.id, reason: input.reason, now: input.now - TimeSpan(milliseconds: 1))
      }
    },
    Breakage("close:", "leaves open what has expired") { store in
      store.close = { base, input throws(StoreError) in
        if let stored = try await base.session(input.id), !stored.isAlive(at: input.now) {
          return CloseOutcome(isClosedNow: false, session: stored)
        }
        return try await base.close(input.id, reason: input.reason, now: input.now)
      }
    },
    Breakage("close:", "keeps user and data") { store in
      store.close = { base, input throws(StoreError) in
        let stored = try await base.session(input.id)
        let outcome = try await base.close(input.id, reason: input.reason, now: input.now)
        try await base.rewrite(input.id) { ($0.user, $0.data) = (stored?.user, stored?.data) }
        return outcome
      }
    },
    Breakage("close:", "leaves the revision") { store in
      store.close = { base, input throws(StoreError) in
        let outcome = try await base.close(input.id, reason: input.reason, now: input.now)
        if outcome?.isClosedNow == true { try await base.rewrite(input.id) { $0.revision -= 1 } }
        return outcome
      }
    },
    Breakage("close matching", "closes the excluded one") { store in
      store.closeMatching = { base, input throws(StoreError) in
        try await base.close(
          matching: input.filter, excluding: nil, reason: input.reason, now: input.now, limit: input.limit)
      }
    },
    Breakage("close matching", "leaves open what has expired") { store in
      store.closeMatching = { base, input throws(StoreError) in
        var filter = input.filter
        filter.isAlive = filter.isAlive ?? true
        var closed: [Session] = []
        for session in try await base.page(SessionQuery(filter, limit: input.limit + 1), now: input.now).sessions
        where session.id != input.excluding && session.isAlive(at: input.now) && closed.count < input.limit {
          guard let outcome = try await base.close(session.id, reason: input.reason, now: input.now) else { continue }
          closed.append(outcome.session)
        }
        return closed
      }
    },
    Breakage("close matching", "ignores the limit") { store in
      store.closeMatching = { base, input throws(StoreError) in
        try await base.close(
          matching: input.filter, excluding: input.excluding, reason: input.reason, now: input.now, limit: .max)
      }
    },
    Breakage("close matching", "ignores the filter's kind") { store in
      store.closeMatching = { base, input throws(StoreError) in
        var filter = input.filter
        filter.kind = nil
        return try await base.close(
          matching: filter, excluding: input.excluding, reason: input.reason, now: input.now, limit: input.limit)
      }
    },
    Breakage("remove", "answers nil") { store in
      store.remove = { base, input throws(StoreError) in
        _ = try await base.remove(input.id)
        return nil
      }
    },
    Breakage("remove", "only closes") { store in
      store.remove = { base, input throws(StoreError) in
        let stored = try await base.session(input.id)
        _ = try await base.close(input.id, reason: .revoked, now: .earliest)
        return stored
      }
    },
  ]

  static let upkeep = [
    Breakage("reap", "closes at now") { store in
      store.reap = { base, input throws(StoreError) in
        var reaped = try await base.reap(now: input.now, limit: input.limit)
        for index in reaped.indices {
          reaped[index].closeTime = input.now
          try await base.rewrite(reaped[index].id) { $0.closeTime = input.now }
        }
        return reaped
      }
    },
    Breakage("reap", "says idle always") { store in
      store.reap = { base, input throws(StoreError) in
        var reaped = try await base.reap(now: input.now, limit: input.limit)
        for index in reaped.indices {
          reaped[index].closeReason = .idle
          try await base.rewrite(reaped[index].id) { $0.closeReason = .idle }
        }
        return reaped
      }
    },
    Breakage("reap", "comes a millisecond late") { store in
      store.reap = { base, input throws(StoreError) in
        try await base.reap(now: input.now - TimeSpan(milliseconds: 1), limit: input.limit)
      }
    },
    Breakage("purge", "takes what was closed at the time") { store in
      store.purge = { base, input throws(StoreError) in
        try await base.purge(closedBefore: input.time + TimeSpan(milliseconds: 1), limit: input.limit)
      }
    },
    Breakage("purge", "takes expired open ones") { store in
      store.purge = { base, input throws(StoreError) in
        _ = try await base.reap(now: input.time, limit: input.limit)
        return try await base.purge(closedBefore: input.time, limit: input.limit)
      }
    },
    Breakage("purge", "ignores the limit") { store in
      store.purge = { base, input throws(StoreError) in try await base.purge(closedBefore: input.time, limit: .max) }
    },
    Breakage("check", "fails for no reason") { store in
      store.check = { _, _ throws(StoreError) in throw StoreError(.unavailable, "No reason.") }
    },
    Breakage("shutdown", "goes on checking after the end") { store in store.check = { _, _ in } },
    Breakage("shutdown", "does nothing") { store in store.shutdownBase = { _ in } },
  ]

  static let reading = [
    Breakage("page", "turns the order around") { store in
      store.page = { base, input throws(StoreError) in
        var query = input.query
        query.order.isDescending.toggle()
        return try await base.page(query, now: input.now)
      }
    },
    Breakage("page", "ignores the id of the cursor") { store in
      store.page = { base, input throws(StoreError) in
        var query = input.query
        query.after?.id = query.order.isDescending ? SessionID(high: 0, low: 0) : SessionID(high: .max, low: .max)
        return try await base.page(query, now: input.now)
      }
    },
    Breakage("page", "gives one too many") { store in
      store.page = { base, input throws(StoreError) in
        var query = input.query
        query.limit += 1
        return try await base.page(query, now: input.now)
      }
    },
    Breakage("page", "says that there is more after the last page") { store in
      store.page = { base, input throws(StoreError) in
        var page = try await base.page(input.query, now: input.now)
        page.next =
          page.next
          ?? page.sessions.last.map { SessionCursor(time: input.query.order.time(of: $0), id: $0.id) }
        return page
      }
    },
    Breakage("page", "brings contents along always") { store in
      store.page = { base, input throws(StoreError) in
        var query = input.query
        query.includesContents = true
        return try await base.page(query, now: input.now)
      }
    },
    Breakage("page", "counts the page only") { store in
      store.page = { base, input throws(StoreError) in
        var page = try await base.page(input.query, now: input.now)
        if page.count != nil { page.count = page.sessions.count }
        return page
      }
    },
    Breakage("filter", "includes the upper time") { store in
      store.page = { base, input throws(StoreError) in
        var query = input.query
        query.filter.openedBefore = query.filter.openedBefore.map { $0 + TimeSpan(milliseconds: 1) }
        return try await base.page(query, now: input.now)
      }
    },
    Breakage("filter", "excludes the lower time") { store in
      store.page = { base, input throws(StoreError) in
        var query = input.query
        query.filter.requestedFrom = query.filter.requestedFrom.map { $0 + TimeSpan(milliseconds: 1) }
        return try await base.page(query, now: input.now)
      }
    },
    Breakage("filter", "shows expired sessions as alive") { store in
      store.page = { base, input throws(StoreError) in
        try await base.page(input.query, now: input.now - TimeSpan(milliseconds: 1))
      }
    },
    Breakage("filter", "compares a status with its letter case folded") { store in
      store.page = { base, input throws(StoreError) in
        var query = input.query
        query.filter.status = query.filter.status.map { ExactText($0.string.lowercased()) }
        return try await base.page(query, now: input.now)
      }
    },
    Breakage("count", "ignores expiry") { store in
      store.count = { base, input throws(StoreError) in try await base.count(input.filter, now: .earliest) }
    },
    Breakage("count", "ignores the user") { store in
      store.count = { base, input throws(StoreError) in
        var filter = input.filter
        filter.userID = nil
        return try await base.count(filter, now: input.now)
      }
    },
    Breakage("random", "loses the cursor when it has to skip") { store in
      store.page = { base, input throws(StoreError) in
        var query = input.query
        if query.skip > 0 { query.after = nil }
        return try await base.page(query, now: input.now)
      }
    },
  ]
}
