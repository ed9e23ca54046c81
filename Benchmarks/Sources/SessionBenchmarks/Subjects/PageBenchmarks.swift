import SessionCore

/// Lists and counts: pages of 100 out of all sessions, of which each user has ten.
let pageBenchmarks: [Benchmark] = StoreKind.allCases.flatMap { kind in
  [
    Benchmark(name: "page.newest.\(kind)", summary: "the first page, newest first") { scale in
      try await paging(kind, scale) { _ in SessionQuery() }
    },
    Benchmark(name: "page.far.\(kind)", summary: "a page from the middle of the list") { scale in
      try await paging(kind, scale) { world in
        let middle = world.opened.sorted { ($0.openTime, $0.id) < ($1.openTime, $1.id) }[world.opened.count / 2]
        return SessionQuery(after: SessionCursor(time: middle.openTime, id: middle.id))
      }
    },
    Benchmark(name: "page.user.\(kind)", summary: "a user's ten sessions") { scale in
      try await paging(kind, scale, expecting: 10) { world in
        var filter = SessionFilter()
        filter.userID = world.opened[0].userID
        return SessionQuery(filter)
      }
    },
    Benchmark(name: "page.time.\(kind)", summary: "the first page of those opened in the last hour") { scale in
      try await paging(kind, scale) { world in
        var filter = SessionFilter()
        filter.openedFrom = world.sessions.clock.now() - .hours(1)
        return SessionQuery(filter)
      }
    },
    Benchmark(name: "page.state.\(kind)", summary: "the first page of live sessions") { scale in
      try await paging(kind, scale) { _ in
        var filter = SessionFilter()
        filter.isAlive = true
        return SessionQuery(filter)
      }
    },
    Benchmark(name: "count.state.\(kind)", summary: "the number of live sessions") { scale in
      let world = try await World(kind, scale, each: 10)
      var filter = SessionFilter()
      filter.isAlive = true
      return Prepared(
        perform: { [filter] count in
          for _ in 0..<count {
            guard try await world.store.count(filter, now: world.sessions.clock.now()) == scale.sessions else {
              throw Unexpected("a count is wrong")
            }
          }
        }, finish: { await world.finish() })
    },
  ]
}

private func paging(
  _ kind: StoreKind, _ scale: Scale, expecting number: Int = 100, _ query: (World) -> SessionQuery
) async throws -> Prepared {
  let world = try await World(kind, scale, each: 10)
  let query = query(world)
  // A world of few sessions has short pages.
  let expected = min(number, scale.sessions / 2)
  return Prepared(
    perform: { count in
      for _ in 0..<count {
        let page = try await world.store.page(query, now: world.sessions.clock.now())
        guard page.sessions.count >= min(expected, number) else { throw Unexpected("a page is short") }
      }
    }, finish: { await world.finish() })
}
