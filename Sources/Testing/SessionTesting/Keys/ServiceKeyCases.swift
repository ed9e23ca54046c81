internal import Accounts
internal import JSON
internal import SessionCore

extension ServiceKeyStoreCase {
  static let insertCases = [
    ServiceKeyStoreCase("insertKey: a key comes back by its digest as it was made, and not by another") { probe in
      let names: [ExactText] = ["backend", "\u{E9} e\u{301} \"';--\r\n", ExactText(String(repeating: "n", count: 255))]
      for (number, name) in names.enumerated() {
        let scopes = Set(ServiceScope.allCases.prefix(number * 3))
        let expires = number == 1 ? probe.now + .days(1) : nil
        let key = try await probe.add(UInt8(number), name: name, scopes: scopes, expires: expires)
        let expected = ServiceKey(
          id: key.id, name: name, scopes: scopes, created: probe.now, expires: expires, lastUsed: nil)
        try probe.equal(key, expected, "the key")
        try probe.equal(try await probe.store.serviceKey(digest: probe.digest(UInt8(number))), key, "the key by digest")
      }
      var other = probe.digest(1)
      other[31] ^= 1
      for digest in [other, Array(probe.digest(1).dropLast()), probe.digest(1) + [0], [], probe.digest(200)] {
        try probe.equal(try await probe.store.serviceKey(digest: digest), nil, "the key of another digest")
      }
    },
    ServiceKeyStoreCase("insertKey: a digest that is taken is an error, and changes nothing") { probe in
      let key = try await probe.add(1)
      do {
        try await probe.add(1, name: "thief", scopes: [.admin])
      } catch let error as StoreError {
        try probe.equal(error.code, .corrupt, "the error")
        try probe.equal(try await probe.store.serviceKey(digest: probe.digest(1)), key, "the key")
        try probe.equal(try await probe.store.serviceKeys(after: 0, limit: 10), [key], "the keys")
        return
      }
      try probe.expect(false, "an error", found: "an answer")
    },
    ServiceKeyStoreCase("insertKey: numbers rise, and that of a revoked key is not given again") { probe in
      let first = try await probe.add(1)
      try probe.expect(first.id >= 1, "a number of 1 or more", found: "\(first.id)")
      let second = try await probe.add(2)
      _ = try await probe.store.revokeKey(second.id, by: probe.actor, now: probe.now)
      let third = try await probe.add(3)
      try probe.expect(first.id < second.id && second.id < third.id, "rising numbers", found: "\(third.id)")
      let ids = try await probe.together(50) { try await probe.add(UInt8(100 + $0)).id }
      try probe.equal(Set(ids).count, 50, "the different numbers of 50 at once")
    },
  ]

  static let listCases = [
    ServiceKeyStoreCase("serviceKeys: keys come by number, after one, no more than asked for") { probe in
      var keys: [ServiceKey] = []
      for number in 1...9 as ClosedRange<UInt8> { keys.append(try await probe.add(number)) }
      _ = try await probe.store.revokeKey(keys.remove(at: 4).id, by: probe.actor, now: probe.now)
      let list = { (id: Int64, limit: Int) in try await probe.store.serviceKeys(after: id, limit: limit) }
      try probe.equal(try await list(0, 100), keys, "all keys")
      try probe.equal(try await list(keys[2].id, 3), Array(keys[3..<6]), "three of them")
      try probe.equal(try await list(keys[3].id + 1, 1), [keys[4]], "the one after the revoked one")
      try probe.equal(try await list(.max, 3), [], "those after all")
      try probe.equal(try await list(0, 0), [], "none of them")
    }
  ]

  static let revokeCases = [
    ServiceKeyStoreCase("revokeKey: the key is gone at once, and is answered as it was") { probe in
      let (key, other) = (try await probe.add(1), try await probe.add(2))
      let revoke = { try await probe.store.revokeKey(key.id, by: probe.actor, now: probe.now) }
      try probe.equal(try await revoke(), key, "the answer")
      try probe.equal(try await probe.store.serviceKey(digest: probe.digest(1)), nil, "the key")
      try probe.equal(try await revoke(), nil, "the second answer")
      try probe.equal(try await probe.store.serviceKey(digest: probe.digest(2)), other, "the other key")
    },
    ServiceKeyStoreCase("race: of 50 revocations of one key, one revokes it") { probe in
      let key = try await probe.add(1)
      let answers = try await probe.together(50) { _ in
        try await probe.store.revokeKey(key.id, by: probe.actor, now: probe.now)
      }
      try probe.equal(answers.filter { $0 != nil }.count, 1, "the revocations")
    },
  ]

  static let touchCases = [
    ServiceKeyStoreCase("touchKey: the last use moves forward, never back, and of that key alone") { probe in
      let (key, other) = (try await probe.add(1), try await probe.add(2))
      let times = [probe.now, probe.now + .minutes(2), probe.now + .minutes(1), .earliest]
      for (index, time) in times.enumerated() {
        try await probe.store.touchKey(key.id, at: time)
        let found = try await probe.store.serviceKey(digest: probe.digest(1))
        try probe.equal(found?.lastUsed, times[...index].max(), "the last use")
      }
      try await probe.store.touchKey(99, at: probe.now)
      try probe.equal(try await probe.store.serviceKey(digest: probe.digest(2)), other, "the other key")
      try probe.equal(try await probe.store.serviceKeys(after: 0, limit: 9).count, 2, "the number of keys")
    }
  ]

  static let eventCases = [
    ServiceKeyStoreCase("events: making and revoking a key is one entry each, and nothing else is") { probe in
      guard let log = probe.store as? any EventStore else { return }
      let key = try await probe.add(1, name: "a \"b\"", scopes: [.admin, .sessionsRead])
      try await probe.store.touchKey(key.id, at: probe.now)
      _ = try? await probe.add(1)
      _ = try await probe.store.revokeKey(99, by: probe.actor, now: probe.now)
      _ = try await probe.store.revokeKey(key.id, by: probe.actor, now: probe.now + .seconds(1))
      _ = try await probe.store.revokeKey(key.id, by: probe.actor, now: probe.now)
      let events = try await log.events(after: 0, kinds: nil, limit: 100).entries.map(\.event)
      try probe.equal(events.map(\.kind), [.keyCreated, .keyRevoked], "the kinds")
      try probe.equal(events.map(\.time), [probe.now, probe.now + .seconds(1)], "the times")
      for event in events {
        try probe.equal(event.keyID, key.id, "the key")
        try probe.equal(event.userID, nil, "the user")
        try probe.equal(event.actor, probe.actor, "the actor")
        try probe.equal(
          event.details?.description, #"{"name":"a \"b\"","scopes":["sessions:read","admin"]}"#, "the details")
      }
    }
  ]

  static let lifecycleCases = [
    ServiceKeyStoreCase("shutdown: every later call about keys throws closed") { probe in
      guard let sessions = probe.store as? any SessionStore else { return }
      let key = try await probe.add(1)
      let store = probe.store
      await sessions.shutdown()
      try await probe.expectClosed([
        { try await probe.add(2) }, { _ = try await store.serviceKey(digest: probe.digest(1)) },
        { _ = try await store.serviceKeys(after: 0, limit: 1) },
        { _ = try await store.revokeKey(key.id, by: probe.actor, now: probe.now) },
        { try await store.touchKey(key.id, at: probe.now) },
      ])
    }
  ]
}
