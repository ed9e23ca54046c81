import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import SessionCore
import SessionTesting
import Testing

/// Every service route with every sort of caller: allowed if, and only if, its declaration says so.
@Suite struct ScopeMatrixTests {
  private static let far = HTTPPeer.network(address: "198.51.100.7", port: 7)

  /// A service route under one of its prefixes.
  private struct Target {
    let method: HTTPMethod
    let path: String
    let scope: String
  }

  private func targets(_ world: APIWorld) -> [Target] {
    world.router.groups.flatMap { group in
      group.prefixes.flatMap { prefix in
        group.routes.compactMap { route in
          guard case .service(let scope) = route.access else { return nil }
          // Nothing has this id: what is admitted does no harm, and the next caller finds everything as it was.
          return Target(
            method: route.method, path: (prefix + route.path).replacing("{id}", with: "999"), scope: scope)
        }
      }
    }
  }

  /// Sends what a route without its members refuses, so that admission alone makes the difference.
  private func send(
    _ world: APIWorld, _ target: Target, _ authorization: String?, fields: [HTTPField] = [], peer: HTTPPeer = far
  ) async -> Answer {
    let all = fields + (authorization.map { [HTTPField("Authorization", $0)] } ?? [])
    let body = [.post, .patch].contains(target.method) ? #"{"nope":1}"# : nil
    return await world.send(target.method, target.path, body, fields: all, peer: peer)
  }

  @Test("a key opens the routes of its scopes and no others; admin opens all", arguments: StoreKind.allCases)
  func scopes(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let targets = targets(world)
    #expect(targets.count > 20 && Set(targets.map(\.scope)) == Set(ServiceScope.allCases.map(\.rawValue)))
    for scope in ServiceScope.allCases {
      let key = try await world.key(scope)
      for target in targets {
        let answer = await send(world, target, "Bearer \(key)")
        if scope == .admin || target.scope == scope.rawValue {
          #expect(![401, 403].contains(answer.status), "\(scope) \(target)")
        } else {
          #expect(answer.status == 403, "\(scope) \(target)")
          #expect(
            answer.field("www-authenticate") == #"Bearer error="insufficient_scope", scope="\#(target.scope)""#)
        }
      }
    }
  }

  @Test(
    "whatever begins as a key and is none is 401, from this machine too; without a key, only trust opens",
    arguments: StoreKind.allCases)
  func strangers(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let targets = targets(world)
    let good = try await world.key(.admin)
    let revoked = try await world.key(.admin)
    #expect(await world.send(.delete, "/v2/keys/2").status == 204)
    let expired = try await world.key(.admin, more: #","expires_in":1"#)
    world.clock.advance(by: .seconds(1))
    let (_, token) = try await world.open()
    let bad = [
      "Bearer \(revoked)", "Bearer \(expired)", "Bearer ssk_", "Bearer \(good)A", "Bearer \(good.dropLast())",
      "Bearer \(good.dropLast())!", "Bearer \(good) x", "bearer  ssk_\(String(repeating: "A", count: 43))",
      "BEARER\t\(good)", "Bearer ssk_\u{1}",
    ]
    for target in targets {
      for authorization in bad {
        for peer in [Self.far, .network(address: "127.0.0.1", port: 9), .unixSocket] {
          let answer = await send(world, target, authorization, peer: peer)
          #expect(answer.status == 401, "\(authorization) \(target)")
          #expect(answer.field("www-authenticate") == #"Bearer error="invalid_token""#)
        }
      }
      let twice = [HTTPField("Authorization", "Bearer \(token)"), HTTPField("Authorization", "Bearer \(good)")]
      #expect(await send(world, target, nil, fields: twice, peer: .unixSocket).status == 401)
      for authorization in [nil, "Bearer \(token)", "Basic eDp5", "Bearer sskx"] {
        #expect(await send(world, target, authorization).status == 401, "\(target)")
        let near = await send(world, target, authorization, peer: .network(address: "127.0.0.1", port: 9))
        #expect(![401, 403].contains(near.status), "\(target)")
      }
      for field in [HTTPField("Origin", "https://evil.example"), HTTPField("Sec-Fetch-Site", "cross-site")] {
        let page = await send(world, target, nil, fields: [field], peer: .network(address: "127.0.0.1", port: 9))
        #expect(page.status == 403, "\(target)")
      }
    }
  }

  @Test("while the store is away a key is neither good nor bad: 503")
  func storeAway() async throws {
    let store = BrokenKeyStore()
    let clock = ManualClock(Timestamp(milliseconds: 0))
    let authorizer = KeyAuthorizer(
      ServiceKeys(store: store, clock: clock, random: SeededRandom(seed: 1)), clock: clock)
    let world = try await APIWorld(gate: Gatekeeper(authorizer: authorizer))
    for target in targets(world) {
      let answer = await send(
        world, target, "Bearer ssk_\(String(repeating: "A", count: 43))", peer: .unixSocket)
      #expect(answer.status == 503, "\(target)")
    }
  }
}

/// A store of keys that can't be reached.
private struct BrokenKeyStore: ServiceKeyStore {
  func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey { throw StoreError(.unavailable, "away") }
  func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey? { throw StoreError(.unavailable, "away") }
  func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    throw StoreError(.unavailable, "away")
  }
  func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey? {
    throw StoreError(.unavailable, "away")
  }
  func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError) { throw StoreError(.unavailable, "away") }
}
