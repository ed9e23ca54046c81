import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

/// Lists of both interfaces against a plain model, over random sessions and random filters.
@Suite struct FilterModelTests {
  private struct World {
    let api: APIWorld
    var model: [Session] = []
  }

  private static let orders: [(String, SessionOrder)] = [
    ("newest", .newest), ("oldest", SessionOrder(.opened, isDescending: false)),
    ("recent", SessionOrder(.requested, isDescending: true)),
    ("least_recent", SessionOrder(.requested, isDescending: false)),
  ]

  private func pick<Element>(_ elements: [Element], _ random: inout SeededRandom) -> Element {
    elements[Int(random.next() % UInt64(elements.count))]
  }

  /// 60 sessions of few users, kinds and times, some touched, closed or expired.
  private func world(_ kind: StoreKind, seed: UInt64) async throws -> World {
    var random = SeededRandom(seed: seed)
    var world = World(api: try await APIWorld(kind) { $0.idleTimeout = .seconds(40) })
    var tokens: [[UInt8]] = []
    for _ in 0..<60 {
      var draft = SessionDraft(userID: pick(["u1", "u2", "é", "e\u{301}"], &random))
      draft.kind = pick([nil, "a", "b"], &random)
      draft.status = pick([nil, "s", "S"], &random)
      draft.address = pick([nil, "192.0.2.1", "192.0.2.10"], &random)
      draft.client = pick([nil, "", "x y"], &random)
      let opened = try await world.api.sessions.open(draft, by: Actor(.service))
      guard case .opened(let session, let token, evicted: _) = opened else { continue }
      world.model.append(session)
      tokens.append(token.text)
      if random.next() % 3 == 0 { world.api.clock.advance(by: .seconds(1)) }
      let index = Int(random.next() % UInt64(tokens.count))
      switch random.next() % 4 {
      case 0: _ = try await world.api.sessions.verify(tokens[index])
      case 1:
        _ = try await world.api.sessions.close(world.model[index].id, reason: .revoked, by: Actor(.service))
      default: break
      }
    }
    world.api.clock.advance(by: .seconds(15))
    for index in world.model.indices {
      world.model[index] = try #require(await world.api.sessions.session(world.model[index].id))
    }
    return world
  }

  private func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let digits = String(byte, radix: 16)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }

  private func text(_ time: Timestamp) -> String { String(decoding: time.rfc3339, as: UTF8.self) }

  private func randomFilter(_ random: inout SeededRandom, _ world: World) -> SessionFilter {
    var filter = SessionFilter()
    let start = Timestamp(milliseconds: 1_800_000_000_123)
    func time(_ random: inout SeededRandom) -> Timestamp? {
      random.next() % 3 == 0 ? start + .seconds(Int64(random.next() % 40)) : nil
    }
    filter.userID = pick([nil, nil, "u1", "é", "e\u{301}", "none"], &random)
    filter.isAlive = pick([nil, true, false], &random)
    filter.requestedFrom = time(&random)
    filter.requestedBefore = time(&random)
    return filter
  }

  private func expected(_ world: World, _ filter: SessionFilter, _ order: SessionOrder) -> [String] {
    world.model.filter { filter.matches($0, at: world.api.clock.now()) }
      .sorted {
        order.precedes(
          SessionCursor(time: order.time(of: $0), id: $0.id), SessionCursor(time: order.time(of: $1), id: $1.id))
      }
      .map(\.id.description)
  }

  @Test("GET /v2/sessions answers what a plain model answers", arguments: StoreKind.allCases, [1, 2, 3] as [UInt64])
  func versionTwo(kind: StoreKind, seed: UInt64) async throws {
    let world = try await world(kind, seed: seed)
    var random = SeededRandom(seed: seed + 100)
    for _ in 0..<120 {
      var filter = randomFilter(&random, world)
      filter.kind = pick([nil, nil, "a", "A"], &random)
      filter.status = pick([nil, nil, "s"], &random)
      filter.address = pick([nil, nil, "192.0.2.1"], &random)
      filter.client = pick([nil, nil, "", "x y"], &random)
      filter.openedFrom = random.next() % 4 == 0 ? world.model[Int(random.next() % 30)].openTime : nil
      filter.openedBefore = random.next() % 4 == 0 ? world.model[30 + Int(random.next() % 30)].openTime : nil
      let (name, order) = pick(Self.orders, &random)
      var query = "count=true&limit=1000&order=\(name)"
      if let user = filter.userID { query += "&user_id=\(encoded(user.string))" }
      if let isAlive = filter.isAlive { query += "&state=\(isAlive ? "open" : "closed")" }
      if let kind = filter.kind { query += "&kind=\(kind)" }
      if let status = filter.status { query += "&status=\(status)" }
      if let address = filter.address { query += "&address=\(address)" }
      if let client = filter.client { query += "&client=\(client.string.replacing(" ", with: "+"))" }
      if let time = filter.requestedFrom { query += "&from=\(text(time))" }
      if let time = filter.requestedBefore { query += "&to=\(text(time))" }
      if let time = filter.openedFrom { query += "&opened_from=\(text(time))" }
      if let time = filter.openedBefore { query += "&opened_to=\(text(time))" }
      let answer = await world.api.send(.get, "/v2/sessions?\(query)")
      let expected = expected(world, filter, order)
      #expect(answer["sessions"]?.elements.compactMap { $0["id"]?.string } == expected, "\(query)")
      #expect(answer["count"]?.integer == Int64(expected.count), "\(query)")
    }
  }

  @Test("get_sessions answers what a plain model answers", arguments: StoreKind.allCases, [1, 2, 3] as [UInt64])
  func versionOne(kind: StoreKind, seed: UInt64) async throws {
    let world = try await world(kind, seed: seed)
    var random = SeededRandom(seed: seed + 200)
    for _ in 0..<120 {
      var filter = randomFilter(&random, world)
      filter.id = pick([nil, nil, nil, world.model[Int(random.next() % 60)].id], &random)
      var members: [String] = []
      if let id = filter.id { members.append(#""id":"\#(id)""#) }
      if let user = filter.userID { members.append(#""user_id":"\#(user)""#) }
      if let isAlive = filter.isAlive {
        members.append(#""active":\#(pick(["\(isAlive)", "\"\(isAlive)\""], &random))"#)
      }
      if let time = filter.requestedFrom {
        members.append(#""from_time":\#(pick(["\"\(text(time))\"", "\(time.milliseconds)"], &random))"#)
      }
      if let time = filter.requestedBefore { members.append(#""to_time":"\#(text(time))""#) }
      let skip = Int(random.next() % 8)
      let take = Int(random.next() % 70)
      let body =
        #"{"filter":{\#(members.joined(separator: ","))},"paging":{"skip":"\#(skip)","take":\#(take),"total":"true"}}"#
      let answer = await world.api.send(.post, "/v1/sessions/get_sessions", body)
      let expected = expected(world, filter, SessionOrder(.requested, isDescending: true))
      #expect(
        answer["data"]?.elements.compactMap { $0["id"]?.string } == Array(expected.dropFirst(skip).prefix(take)),
        "\(body)")
      #expect(answer["total"]?.integer == Int64(expected.count), "\(body)")
    }
  }
}
