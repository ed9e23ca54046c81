import SessionCore
import Synchronization
import Workload

/// Opening, renewing and closing on each store, by so many callers at once as make full batches.
let writeBenchmarks: [Benchmark] = StoreKind.allCases.flatMap { kind in
  let callers = kind == .memory ? 1 : World.callers
  let suffix = callers == 1 ? "" : ", \(callers) at once"
  return [
    Benchmark(name: "open.\(kind)", summary: "a session opened\(suffix)") { scale in
      let world = try await World(kind, scale)
      return Prepared(
        limit: 50_000,
        perform: { count in
          try await share(count, among: callers) { caller, count in
            for number in 0..<count {
              let verdict = try await world.sessions.open(.typical(caller + number * callers), by: Actor(.service))
              guard case .opened = verdict else { throw Unexpected("a session was not opened") }
            }
          }
        }, finish: { await world.finish() })
    },
    Benchmark(name: "renew.\(kind)", summary: "a session renewed\(suffix)") { scale in
      let world = try await World(kind, scale)
      let tokens = Mutex(world.tokens)
      return Prepared(
        limit: 50_000,
        perform: { count in
          try await share(count, among: callers) { caller, count in
            // Each caller has sessions of its own: a token is renewed once.
            let own = max(1, world.opened.count / callers)
            for number in 0..<count {
              let index = (caller + number % own * callers) % world.opened.count
              let token = tokens.withLock { $0[index] }
              guard case .renewed(_, let next) = try await world.sessions.renew(token, by: Actor(.user)) else {
                throw Unexpected("a session was not renewed")
              }
              tokens.withLock { $0[index] = next.text }
            }
          }
        }, finish: { await world.finish() })
    },
    Benchmark(name: "close.\(kind)", summary: "a session closed\(suffix)") { scale in
      let world = try await World(kind, scale)
      let open = Mutex<[Session]>([])
      return Prepared(
        limit: 20_000,
        refill: { count in
          let sessions = try await world.sessions.openTypical(count)
          open.withLock { $0 = sessions }
        },
        perform: { count in
          let sessions = open.withLock { $0 }
          try await share(count, among: callers) { caller, count in
            for number in 0..<count {
              let id = sessions[caller + number * callers].id
              guard try await world.sessions.close(id, reason: .logout, by: Actor(.user))?.isClosedNow == true else {
                throw Unexpected("a session was not closed")
              }
            }
          }
        }, finish: { await world.finish() })
    },
  ]
}
