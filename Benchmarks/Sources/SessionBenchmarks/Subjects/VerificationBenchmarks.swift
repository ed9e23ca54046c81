import SessionCore

/// Verifying a token: from the cache, on one thread and on two, and with a read of the store.
let verificationBenchmarks: [Benchmark] = [
  Benchmark(name: "verify.cached", summary: "a token whose session is in the cache") { scale in
    let world = try await World(.memory, scale)
    let tokens = world.tokens
    return Prepared { count in try verify(tokens, in: world.sessions, count: count, start: 0) }
  },
  Benchmark(name: "verify.cached.two-threads", summary: "the same, on two threads") { scale in
    let world = try await World(.memory, scale)
    let tokens = world.tokens
    return Prepared { count in
      try await share(count, among: 2) { caller, count in
        try verify(tokens, in: world.sessions, count: count, start: caller * 4999)
      }
    }
  },
  Benchmark(name: "verify.cached.awaited", summary: "the same, by the call that may wait") { scale in
    let world = try await World(.memory, scale)
    return awaiting(world, callers: 1)
  },
  Benchmark(name: "verify.miss.memory", summary: "a token whose session is in the store alone") { scale in
    awaiting(try await World(.memory, scale, cacheBytes: 0), callers: 1)
  },
  Benchmark(name: "verify.miss.sqlite", summary: "the same, 64 at once") { scale in
    awaiting(try await World(.sqlite, scale, cacheBytes: 0), callers: 64)
  },
]

/// A step through the tokens that no prefetcher knows, and that meets all of them.
private let stride = 7919

/// Verifies `count` of the tokens, one after the other.
private func verify(_ tokens: [[UInt8]], in sessions: Sessions, count: Int, start: Int) throws {
  var index = start
  for _ in 0..<count {
    index = (index &+ stride) % tokens.count
    let answer = unsafe tokens[index].withUnsafeBytes {
      unsafe sessions.verifyAtOnce($0, now: sessions.clock.now())
    }
    guard case .active = answer else { throw Unexpected("a live session was refused") }
  }
}

private func awaiting(_ world: World, callers: Int) -> Prepared {
  let tokens = world.tokens
  return Prepared(
    perform: { count in
      try await share(count, among: callers) { caller, count in
        var index = caller * 4999
        for _ in 0..<count {
          index = (index &+ stride) % tokens.count
          guard case .active = try await world.sessions.verify(tokens[index]) else {
            throw Unexpected("a live session was refused")
          }
        }
      }
    }, finish: { await world.finish() })
}
