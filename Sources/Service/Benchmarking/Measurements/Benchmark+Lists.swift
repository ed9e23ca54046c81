internal import JSON
internal import SessionCore

extension Benchmark {
  private static let page = 100
  private static let pages = 1000

  /// P9: one request after the other on one connection, each timed here.
  func measureLists() async throws(BenchmarkError) {
    let set = try await bench.set(largestSet)
    let server = try await bench.serve(set.folder)
    defer { server.end() }
    let client = try LoopbackClient(port: server.port)
    let rule = set.rule
    func moment(_ part: Double) -> String {
      let shift = TimeSpan(milliseconds: Int64(Double(SetRule.span.milliseconds) * part))
      return String(decoding: (rule.start + shift).rfc3339, as: UTF8.self)
    }
    // Places all over the set, the same in every run.
    func place(_ index: Int) -> Double { Double(SetRule.mixed(UInt64(index)) >> 11) / Double(1 << 53) }

    try await time("list by user", of: rule.count, on: client) { index in
      "/v2/sessions?limit=\(Self.page)&user_id=\(rule.user(Int(place(index) * Double(rule.users))))"
    }
    try await time("list by time range", of: rule.count, on: client) { index in
      let from = place(index) * 0.98
      return "/v2/sessions?limit=\(Self.page)&opened_from=\(moment(from))&opened_to=\(moment(from + 0.01))"
    }
    try await time("list by state", of: rule.count, on: client) { index in
      "/v2/sessions?limit=\(Self.page)&state=\(index % 8 == 7 ? "closed" : "open")"
    }
    try await time("count all that are open", of: rule.count, limit: 50, repeats: 50, on: client) { _ in
      "/v2/sessions?limit=1&count=true&state=open"
    }
    try await time("count half of them, by time", of: rule.count, limit: 50, repeats: 50, on: client) { _ in
      "/v2/sessions?limit=1&count=true&opened_from=\(moment(0.25))&opened_to=\(moment(0.75))"
    }
    try await measurePages(of: rule.count, on: client)
  }

  private func time(
    _ what: String, of sessions: Int, limit: Double = 20, repeats: Int = 200, on client: LoopbackClient,
    _ path: (Int) -> String
  ) async throws(BenchmarkError) {
    var latencies = Latencies()
    // A round finds what the one before it left in the caches, as in a service that is used.
    for round in 0..<bench.options.rounds {
      bench.progress.show("P9 \(what), round \(round + 1) of \(bench.options.rounds)")
      latencies.merge(
        try await Self.latencies(of: repeats, on: client) { path(round * repeats + $0) })
    }
    add(
      BenchmarkResult(
        measurement: .lists, what: what, sessions: sessions, connections: 1,
        goals: [
          Goal(name: "at p99", value: latencies.percentile(99), unit: .milliseconds, bound: .atMost(limit)),
          Goal(name: "at p50", value: latencies.percentile(50), unit: .milliseconds),
        ]))
  }

  private static func latencies(
    of repeats: Int, on client: LoopbackClient, _ path: (Int) -> String
  ) async throws(BenchmarkError) -> Latencies {
    var latencies = Latencies()
    for index in 0..<repeats {
      if Task.isCancelled { throw .interrupted }
      let path = path(index)
      let begin = ContinuousClock.now
      _ = try client.get(path)
      latencies.add(ContinuousClock.now - begin)
    }
    return latencies
  }

  /// Goes to the last page, at most the 1,000th, and compares it with the first.
  private func measurePages(of sessions: Int, on client: LoopbackClient) async throws(BenchmarkError) {
    let first = "/v2/sessions?limit=\(Self.page)&state=open"
    var (path, number) = (first, 1)
    while number < Self.pages {
      if Task.isCancelled { throw .interrupted }
      bench.progress.show("P9 page \(number)", part: Double(number) / Double(Self.pages))
      let answer = try client.get(path)
      guard let cursor = (try? JSONDocument(parsing: answer, limits: .widest))?.root["next"]?.string else { break }
      path = "\(first)&cursor=\(cursor)"
      number += 1
    }
    let last = path
    let (one, other) = (
      try await Self.latencies(of: 200, on: client) { _ in first },
      try await Self.latencies(of: 200, on: client) { _ in last }
    )
    add(
      BenchmarkResult(
        measurement: .lists, what: "page \(number) of a list", sessions: sessions, connections: 1,
        goals: [
          // A fifth is within what two runs of the same page differ by.
          Goal(
            name: "times the first page's p50", value: other.percentile(50) / max(0.001, one.percentile(50)),
            unit: .ratio, bound: .atMost(1.2)),
          Goal(name: "at p99", value: other.percentile(99), unit: .milliseconds, bound: .atMost(20)),
        ]))
  }
}
