import HTTPMessages
import SessionCore
import SessionTesting

extension DialectCase {
  /// One session through all dialects.
  static let lifeCases = [
    DialectCase("a session that the dialect opens is alive in every other, and listed there") { probe in
      let session = try await probe.open()
      for reader in probe.world.dialects { try await probe.expect(session, isAlive: true, to: reader, "once opened") }
    },
    DialectCase("a session that the dialect closes has ended in every other, whoever opened it") { probe in
      guard let close = probe.dialect.close else { return }
      for opener in probe.world.dialects {
        let session = try await probe.open(opener)
        let other = try await probe.open(opener)
        _ = try await close(probe.client, session)
        for reader in probe.world.dialects {
          try await probe.expect(session, isAlive: false, to: reader, "once closed (\(opener.name) opened it)")
          try await probe.expect(other, isAlive: true, to: reader, "when another user's was closed")
        }
      }
    },
    DialectCase("a session that the dialect closed stays closed, and can be closed again") { probe in
      guard let close = probe.dialect.close else { return }
      let session = try await probe.open()
      _ = try await close(probe.client, session)
      for _ in 0..<2 {
        let again = try await close(probe.client, session)
        try probe.expect(again.status.code < 500, "no fault of the server", found: DialectProbe.text(again))
        for reader in probe.world.dialects {
          if let renew = reader.renew { _ = try await renew(probe.client, session) }
          try await probe.expect(session, isAlive: false, to: reader, "once closed twice and renewed")
        }
      }
    },
    DialectCase("a session that the dialect opens expires for every other at the same millisecond") { probe in
      let session = try await probe.open()
      guard let id = SessionID(session.id), let stored = try await probe.world.sessions.session(id) else {
        return try probe.expect(false, "the session in the store")
      }
      probe.world.clock.set(stored.deadline - TimeSpan(milliseconds: 1))
      // Those that count a reading as a request would move the deadline: only lists are asked before it.
      for reader in probe.world.dialects {
        guard let answer = try await reader.list?(probe.client, session) else { continue }
        try probe.expect(
          reader.isListed(answer, session), "\(reader.name) to list it a millisecond before its end",
          found: DialectProbe.text(answer))
      }
      probe.world.clock.set(stored.openTime + stored.lifetime)
      for reader in probe.world.dialects {
        try await probe.expect(session, isAlive: false, to: reader, "once its time is up")
      }
      if let close = probe.dialect.close { _ = try await close(probe.client, session) }
      for reader in probe.world.dialects {
        try await probe.expect(session, isAlive: false, to: reader, "when it was closed after its end")
      }
    },
    DialectCase("a session that the dialect renews goes on, with one token that every other takes") { probe in
      guard let renew = probe.dialect.renew else { return }
      for opener in probe.world.dialects {
        let session = try await probe.open(opener)
        let answer = try await renew(probe.client, session)
        guard
          let next = try await probe.world.session(
            ofUser: session.userID, opener: opener.name, answer: session.answer)
        else {
          return try probe.expect(false, "the session of \(opener.name) to go on", found: DialectProbe.text(answer))
        }
        try probe.expect(next.id == session.id && next.token != session.token, "another token of the same session")
        try probe.expect(answer.contains(next.token), "the answer to hold it", found: DialectProbe.text(answer))
        probe.world.clock.advance(by: probe.world.sessions.policy.renewalGrace)
        probe.world.clock.advance(by: .seconds(1))
        for reader in probe.world.dialects {
          guard reader.verifiesTokens, let verify = reader.verify else { continue }
          let old = try await verify(probe.client, session)
          let new = try await verify(probe.client, next)
          try probe.expect(
            !reader.isAlive(old), "\(reader.name) to refuse the old token", found: DialectProbe.text(old))
          try probe.expect(reader.isAlive(new), "\(reader.name) to take the new one", found: DialectProbe.text(new))
        }
      }
    },
    DialectCase("a hundred renewals at once are one step") { probe in
      guard probe.dialect.renewsTokens, let renew = probe.dialect.renew else { return }
      let session = try await probe.open()
      let client = probe.client
      let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for _ in 0..<100 { group.addTask { try await renew(client, session).body } }
        return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
      }
      try probe.expect(bodies.count == 1, "equal answers", found: "\(bodies.count) different ones")
    },
  ]
}
