import MemoryStore
import SessionCore
import SessionTesting

extension Breakage {
  /// What can be wrong with the log itself.
  static let logging = [
    Breakage("log append", "forgets the details") { store in store.rewriteEvents { $0.details = nil } },
    Breakage("log append", "folds the name of the actor") { store in
      store.rewriteEvents { $0.actor.name = $0.actor.name?.lowercased() }
    },
    Breakage("log append", "counts the last number from the entries left") { store in
      store.lastEventNumber = { base, _ throws(StoreError) in
        Int64(try await base.events(after: 0, kinds: nil, limit: 2).entries.count)
      }
    },
    Breakage("log events", "leaves out the first entry of a page") { store in
      store.events = { base, input throws(StoreError) in
        let next = input.number > 0 && input.number < .max ? input.number + 1 : input.number
        return try await base.events(after: next, kinds: input.kinds, limit: input.limit)
      }
    },
    Breakage("log events", "shows the last entry of a page again") { store in
      store.events = { base, input throws(StoreError) in
        try await base.events(after: max(0, input.number - 1), kinds: input.kinds, limit: input.limit)
      }
    },
    Breakage("log events", "never says that more follow") { store in
      store.events = { base, input throws(StoreError) in
        var page = try await base.events(after: input.number, kinds: input.kinds, limit: input.limit)
        page.hasMore = false
        return page
      }
    },
    Breakage("log events", "ends a page at its last match") { store in
      store.events = { base, input throws(StoreError) in
        var page = try await base.events(after: input.number, kinds: input.kinds, limit: input.limit)
        page.next = page.entries.last?.number ?? input.number
        return page
      }
    },
    Breakage("log events", "ignores the kinds") { store in
      store.events = { base, input throws(StoreError) in
        try await base.events(after: input.number, kinds: nil, limit: input.limit)
      }
    },
    Breakage("log purge", "ignores the limit") { store in
      store.purgeEvents = { base, input throws(StoreError) in
        try await base.purgeEvents(before: input.time, limit: .max)
      }
    },
    Breakage("log purge", "takes entries of the time") { store in
      store.purgeEvents = { base, input throws(StoreError) in
        guard input.time < .latest else { return try await base.purgeEvents(before: input.time, limit: input.limit) }
        return try await base.purgeEvents(before: input.time + TimeSpan(milliseconds: 1), limit: input.limit)
      }
    },
    Breakage("log purge", "takes nothing") { store in store.purgeEvents = { _, _ throws(StoreError) in 0 } },
    Breakage("log cursor", "forgets") { store in store.eventCursor = { _, _ throws(StoreError) in nil } },
    Breakage("log cursor", "has one for all") { store in
      store.setEventCursor = { base, input throws(StoreError) in
        try await base.setEventCursor(input.number, of: input.follower.lowercased())
      }
      store.eventCursor = { base, follower throws(StoreError) in
        try await base.eventCursor(of: follower.lowercased())
      }
    },
    Breakage("log cursor", "never goes back") { store in
      store.setEventCursor = { base, input throws(StoreError) in
        guard input.number > (try await base.eventCursor(of: input.follower) ?? -1) else { return }
        try await base.setEventCursor(input.number, of: input.follower)
      }
    },
    Breakage("log race", "adds entries one by one") { store in
      store.append = { base, events throws(StoreError) in
        for event in events {
          try await base.append([event])
          for _ in 0..<20 { await Task.yield() }
        }
      }
    },
    Breakage("log shutdown", "goes on answering the last number") { store in
      store.lastEventNumber = { _, _ throws(StoreError) in 0 }
    },
  ]

  /// What can be wrong with what the verbs of a session store leave in the log.
  static let telling = [
    Breakage("log insert", "tells of openings that were denied") { store in
      store.insert = { base, input throws(StoreError) in
        let outcome = try await base.insert(input.session, limit: input.limit, by: input.actor, now: input.now)
        if outcome == .limitReached {
          try await base.append([Event(.opened, of: input.session, at: input.now, by: input.actor)])
        }
        return outcome
      }
    },
    Breakage("log insert", "has evictions done by who opened") { store in
      store.rewriteEvents { if $0.reason == "evicted" { $0.actor = .tester } }
    },
    Breakage("log insert", "does not tell by whom") { store in store.rewriteEvents { $0.actor = Actor(.service) } },
    Breakage("log replace", "calls every replacement a change") { store in
      store.replace = { base, input throws(StoreError) in
        try await base.replace(
          input.session, revision: input.revision, as: .updated, by: input.actor, now: input.now)
      }
    },
    Breakage("log replace", "tells of replacements that were not made") { store in
      store.replace = { base, input throws(StoreError) in
        let isReplaced = try await base.replace(
          input.session, revision: input.revision, as: input.change, by: input.actor, now: input.now)
        if !isReplaced { try await base.append([Event(.renewed, of: input.session, at: input.now, by: input.actor)]) }
        return isReplaced
      }
    },
    Breakage("log close:", "tells of each attempt") { store in store.tellOfEachClosing() },
    Breakage("log race", "tells of each attempt to close") { store in store.tellOfEachClosing() },
    Breakage("log close matching", "forgets for which reason") { store in store.rewriteEvents { $0.reason = nil } },
    Breakage("log reap", "tells of the time of the reaping") { store in
      store.rewriteEvents { if $0.actor.kind == .reaper { $0.time = .latest } }
    },
    Breakage("log reap", "names nobody as the reaper") { store in
      store.rewriteEvents { if $0.actor.kind == .reaper { $0.actor = .tester } }
    },
    Breakage("log remove", "has removed sessions end without a reason") { store in
      store.rewriteEvents { if $0.reason == "revoked" { $0.reason = nil } }
    },
    Breakage("log touch", "tells of touches") { store in
      store.touch = { base, touches throws(StoreError) in
        try await base.touch(touches)
        try await base.append(touches.map { Event(.sessionChanged, at: $0.requestTime, by: .tester) })
      }
    },
    Breakage("log race: replayed, it leaves", "changes what it does not tell of") { store in
      store.close = { base, input throws(StoreError) in
        let outcome = try await base.close(input.id, reason: input.reason, by: input.actor, now: input.now)
        try await base.rewrite(input.id) { $0.closeReason = .reuse }
        return outcome
      }
    },
  ]
}

extension BrokenStore {
  /// Shows each entry as `change` leaves it.
  mutating func rewriteEvents(_ change: @escaping @Sendable (inout Event) -> Void) {
    events = { base, input throws(StoreError) in
      var page = try await base.events(after: input.number, kinds: input.kinds, limit: input.limit)
      for index in page.entries.indices { change(&page.entries[index].event) }
      return page
    }
  }

  /// Tells of closings that closed nothing, too.
  fileprivate mutating func tellOfEachClosing() {
    close = { base, input throws(StoreError) in
      let outcome = try await base.close(input.id, reason: input.reason, by: input.actor, now: input.now)
      if let outcome, !outcome.isClosedNow {
        try await base.append([Event(.closed(input.reason), of: outcome.session, at: input.now, by: input.actor)])
      }
      return outcome
    }
  }
}
