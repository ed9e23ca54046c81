import Accounts
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Synchronization
import Testing

@testable import SesameAPI

/// Events that are followed live.
@Suite struct EventStreamTests {
  private static let accept = HTTPField("Accept", "text/event-stream")

  /// How often something has changed.
  private final class Changes: Sendable {
    let count = Mutex(7)
  }

  /// What a follower got: the ids and data of whole events, until it had enough.
  private final class Follower: Sendable {
    private struct State {
      var text = ""
      var isConnected = false
    }

    private let state = Mutex(State())
    private let limit: Int

    /// A follower that hangs up after so many events.
    init(limit: Int) { self.limit = limit }

    var isConnected: Bool { state.withLock { $0.isConnected } }

    /// Takes a piece; `false` once it has enough.
    func take(_ piece: [UInt8]) -> Bool {
      state.withLock { state in
        state.isConnected = true
        state.text += String(decoding: piece, as: UTF8.self)
        return Self.events(in: state.text).count < limit
      }
    }

    /// All that came.
    var text: String { state.withLock { $0.text } }

    /// The events, at most as many as it wanted: what came in the same piece was never read.
    var events: [(id: String, kind: String, data: String)] {
      Array(Self.events(in: state.withLock { $0.text }).prefix(limit))
    }

    private static func events(in text: String) -> [(id: String, kind: String, data: String)] {
      text.split(separator: "\n\n").compactMap { block in
        let lines = block.split(separator: "\n").map(String.init)
        guard lines.count == 3 else { return nil }
        return (String(lines[0].dropFirst(4)), String(lines[1].dropFirst(7)), String(lines[2].dropFirst(6)))
      }
    }
  }

  /// Follows until the follower has enough, or the task is cancelled.
  private func follow(
    _ world: APIWorld, _ query: String = "", fields: [HTTPField] = [], _ follower: Follower
  ) async throws {
    let answer = await world.send(.get, "/v2/events\(query)", fields: [Self.accept] + fields)
    try #require(answer.status == 200, "\(answer.text)")
    #expect(answer.field("content-type") == "text/event-stream")
    let stream = try #require(answer.response.stream)
    var writer = HTTPBodyWriter { piece in follower.take(piece) }
    await stream(&writer)
  }

  @Test("a follower gets each event once and in order, though it is cut off and resumes", arguments: StoreKind.allCases)
  func resume(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for number in 0..<60 {
          let (id, _) = try await world.open("u\(number)")
          _ = await world.send(.post, "/v2/sessions/\(id)/close")
        }
      }
      var seen: [String] = []
      while seen.count < 120 {
        let follower = Follower(limit: min(7, 120 - seen.count))
        try await follow(
          world, "?after=0", fields: seen.last.map { [HTTPField("Last-Event-ID", $0)] } ?? [],
          follower)
        seen += follower.events.map(\.id)
      }
      try await group.waitForAll()
      let all = await world.send(.get, "/v2/events?limit=1000")["events"]?.elements ?? []
      #expect(seen == all.compactMap { $0["cursor"]?.string })
      #expect(seen.count == 120)
    }
  }

  /// Where each event of the log stands, in order.
  private func cursors(_ world: APIWorld) async -> [String] {
    (await world.send(.get, "/v2/events")["events"]?.elements ?? []).compactMap { $0["cursor"]?.string }
  }

  @Test("an event is an id, a type and the object of the list in one line", arguments: StoreKind.allCases)
  func form(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    _ = try await world.open("u\\u0085\\u2028\\r\\n\\n")
    _ = try await world.key(.admin)
    let follower = Follower(limit: 2)
    try await follow(world, "?after=0", follower)
    let listed = await world.send(.get, "/v2/events")["events"]?.elements ?? []
    #expect(follower.events.map(\.data) == listed.map(\.text.description))
    #expect(follower.events.map(\.kind) == ["session.opened", "key.created"])
    #expect(follower.events.map(\.id) == listed.compactMap { $0["cursor"]?.string })
  }

  @Test("only the types that were asked for come", arguments: StoreKind.allCases)
  func types(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    for _ in 0..<3 {
      _ = try await world.open()
      _ = try await world.key(.admin)
    }
    let follower = Follower(limit: 3)
    try await follow(world, "?after=0&type=key.created,key.revoked", follower)
    let cursors = await cursors(world)
    #expect(follower.events.map(\.id) == [1, 3, 5].map { cursors[$0] })
  }

  @Test("without a place it begins now, and is woken by what happens then", arguments: StoreKind.allCases)
  func live(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    _ = try await world.open("before")
    let follower = Follower(limit: 3)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await follow(world, "", follower) }
      while !follower.isConnected { await Task.yield() }
      _ = try await world.open("after")
      try await world.account(#""username":"a""#)
      _ = try await world.key(.admin)
      try await group.waitForAll()
    }
    #expect(follower.events.map(\.kind) == ["session.opened", "account.created", "key.created"])
    #expect(await follower.events.map(\.id) == Array(cursors(world).dropFirst()))
  }

  @Test("a key sees nothing of what comes after it was revoked", arguments: StoreKind.allCases)
  func revoked(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let key = try await world.key(.eventsRead)
    let follower = Follower(limit: 100)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await follow(world, "", fields: [HTTPField("Authorization", "Bearer \(key)")], follower)
      }
      while !follower.isConnected { await Task.yield() }
      #expect(await world.send(.delete, "/v2/keys/1").status == 204)
      _ = try await world.open()
      try await group.waitForAll()
    }
    #expect(!follower.events.contains { $0.kind == "session.opened" })
  }

  @Test("what is new besides the log is told of when it has changed, without an id to resume after")
  func news() async throws {
    let world = try await APIWorld()
    let changes = Changes()
    let follower = Follower(limit: 2)
    let stream = EventStream(
      feed: world.events, start: 0, kinds: nil, news: StreamNews("nodes") { changes.count.withLock { $0 } },
      isAllowed: { true })
    let body = try #require(stream.response.stream)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        var writer = HTTPBodyWriter { piece in follower.take(piece) }
        await body(&writer)
      }
      while !follower.isConnected { await Task.yield() }
      changes.count.withLock { $0 += 1 }
      world.events.wake()
      while !follower.text.contains("event: nodes\ndata: {}\n\n") { await Task.yield() }
      group.cancelAll()
    }
    // The place where the stream begins is the only one that it names.
    #expect(follower.text.occurrences(of: "id:") == 1)
  }

  @Test("a follower that hangs up ends the stream")
  func hangUp() async throws {
    let world = try await APIWorld()
    let follower = Follower(limit: 1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await follow(world, "", follower) }
      while !follower.isConnected { await Task.yield() }
      group.cancelAll()
      try await group.waitForAll()
    }
    #expect(follower.events.isEmpty)
  }

  @Test(
    "Accept decides, and a place that is none is refused",
    arguments: [
      ("text/event-stream", true), ("TEXT/Event-Stream; charset=utf-8", true),
      ("application/json;q=0.5, text/event-stream", true), ("application/json", false), ("*/*", false),
      ("text/event-stream;q=0", false), ("text/event-streams", false), ("", false),
    ])
  func accept(value: String, isStream: Bool) async throws {
    let world = try await APIWorld()
    let answer = await world.send(.get, "/v2/events", fields: [HTTPField("Accept", value)])
    #expect(answer.status == 200 && (answer.response.stream != nil) == isStream)
    for id in ["x", "-1", "", "1 "] {
      let bad = await world.send(
        .get, "/v2/events?after=0", fields: [HTTPField("Accept", value), HTTPField("Last-Event-ID", id)])
      #expect(bad.status == (isStream ? 400 : 200), "\(id)")
    }
  }
}

extension String {
  /// How often a text stands in it.
  fileprivate func occurrences(of text: String) -> Int {
    split(separator: text, omittingEmptySubsequences: false).count - 1
  }
}
