import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct AccountListingTests {
  /// Eight accounts, created a minute apart.
  private func world(_ kind: StoreKind) async throws -> APIWorld {
    let world = try await APIWorld(kind)
    for number in 1...8 {
      let isEven = number.isMultiple(of: 2)
      try await world.account(
        #""email":"u\#(number)@example.org","username":"u\#(number)","level":"\#(isEven ? "C" : "U")","#
          + #""active":\#(number != 7),"verified":\#(isEven)"#)
      world.clock.advance(by: .minutes(1))
    }
    return world
  }

  private func ids(_ answer: Answer) -> [Int64] {
    (answer["accounts"]?.elements ?? []).compactMap { $0["id"]?.integer }
  }

  @Test("filters select by every condition at once", arguments: StoreKind.allCases)
  func filters(kind: StoreKind) async throws {
    let world = try await world(kind)
    for (query, expected): (String, [Int64]) in [
      ("", [1, 2, 3, 4, 5, 6, 7, 8]), ("email=u3@EXAMPLE.org", [3]), ("email=U3@example.org", []),
      ("username=u4", [4]), ("username=U4", []), ("level=A", [1]), ("level=C", [2, 4, 6, 8]), ("level=I", []),
      ("active=false", [7]), ("verified=true&active=true", [2, 4, 6, 8]), ("verified=false&level=U", [3, 5, 7]),
      ("created_from=2027-01-15T08:06:00.123Z", [7, 8]), ("created_to=2027-01-15T08:01:00.123Z", [1]),
      ("created_from=2027-01-15T09:02:00.123%2B01:00&created_to=2027-01-15T08:03:00.124Z", [3, 4]),
      ("order=newest", [8, 7, 6, 5, 4, 3, 2, 1]), ("order=newest&level=C", [8, 6, 4, 2]),
    ] {
      let answer = await world.send(.get, "/v2/accounts?\(query)&count=true")
      #expect(ids(answer) == expected, "\(query)")
      #expect(answer["count"]?.integer == Int64(expected.count), "\(query)")
      #expect(answer["next"]?.isNull == true)
    }
  }

  @Test("pages follow one another without gap or repetition, in both orders", arguments: StoreKind.allCases)
  func pages(kind: StoreKind) async throws {
    let world = try await world(kind)
    for order in ["oldest", "newest"] {
      var seen: [Int64] = []
      var cursor = ""
      repeat {
        let answer = await world.send(.get, "/v2/accounts?limit=3&order=\(order)\(cursor)")
        try #require(answer.status == 200)
        seen += ids(answer)
        cursor = answer["next"]?.string.map { "&cursor=\($0)" } ?? ""
      } while !cursor.isEmpty
      #expect(seen == (order == "oldest" ? Array(1...8) : (1...8).reversed()))
    }
  }

  @Test("parameters that can't be are refused, and so is a cursor of another order or list")
  func invalid() async throws {
    let world = try await world(.memory)
    let next = await world.send(.get, "/v2/accounts?limit=1")["next"]?.string ?? ""
    for (query, member) in [
      ("email=x", "email"), ("level=X", "level"), ("active=1", "active"), ("verified=", "verified"),
      ("created_from=yesterday", "created_from"), ("created_to=2027", "created_to"), ("limit=0", "limit"),
      ("limit=1001", "limit"), ("order=up", "order"), ("cursor=x", "cursor"), ("order=newest&cursor=\(next)", "cursor"),
      ("name=x", "name"), ("level=A&level=A", "level"),
    ] {
      let answer = await world.send(.get, "/v2/accounts?\(query)")
      #expect(answer.status == 400 && answer["errors"]?.member(member) != nil, "\(query)")
    }
    #expect(await world.send(.get, "/v2/keys?cursor=\(next)").status == 400)
    #expect(await world.send(.get, "/v2/accounts?cursor=\(next)").status == 200)
  }
}
