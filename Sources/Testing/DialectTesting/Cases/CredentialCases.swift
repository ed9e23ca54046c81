import HTTPMessages
import HTTPRouting
import SessionCore
import SessionTesting

extension DialectCase {
  /// Credentials: what the outside may learn from them, and whose they are.
  static let credentialCases = [
    DialectCase("sessions that are unknown, expired, closed and removed look the same from outside") { probe in
      guard let verify = probe.dialect.verify else { return }
      let actor = Actor(.service)
      let expired = try await probe.open()
      let closed = try await probe.open()
      let removed = try await probe.open()
      for (session, isRemoved) in [(closed, false), (removed, true)] {
        guard let id = SessionID(session.id) else { return try probe.expect(false, "a session id") }
        if isRemoved {
          _ = try await probe.world.sessions.remove(id, by: actor)
        } else {
          _ = try await probe.world.sessions.close(id, reason: .revoked, by: actor)
        }
      }
      probe.world.clock.advance(by: .days(4000))
      var forged = try await probe.open()
      forged.token = forged.token.dropLast(9) + "AAAAAAAAA"
      var answers: [(what: String, answer: HTTPResponse)] = []
      for (what, session) in [("expired", expired), ("closed", closed), ("removed", removed)] {
        answers.append((what, try await verify(probe.client, session)))
      }
      if probe.dialect.verifiesTokens, !probe.dialect.tellsForgeries {
        answers.append(("forged", try await verify(probe.client, forged)))
      }
      for (what, answer) in answers {
        try probe.expect(!probe.dialect.isAlive(answer), "a session that is \(what) to be refused")
        try probe.expect(
          answer.body == answers[0].answer.body && answer.fields == answers[0].answer.fields
            && answer.status == answers[0].answer.status, "\(what) to be answered as expired is",
          found: "\(DialectProbe.text(answer)) and \(DialectProbe.text(answers[0].answer))")
      }
    },
    DialectCase("no token is in a list, nor in an error") { probe in
      let session = try await probe.open()
      if let answer = try await probe.dialect.list?(probe.client, session) {
        try probe.expect(
          !answer.contains(session.token) && !answer.contains("sst_"), "no token in a list",
          found: DialectProbe.text(answer))
      }
      for operation in probe.operations {
        let sample = operation.sampleMembers(probe.dialect, session)
        for member in operation.members {
          // A member of the wrong type, the token in all that are text, and in members that nobody asked for.
          for wrong in [#"{"token":"\#(session.token)"}"#, #"["\#(session.token)"]"#, "7"] {
            var members = sample.filter { $0.name != member.name }
            members.append((member.name, wrong))
            members.append(("extra", "\"\(session.token)\""))
            let answer = await probe.client.send(
              operation.method, operation.target, DialectOperation.body(members), bearer: session.token)
            guard probe.dialect.faultOfError(answer) == nil else { continue }
            try probe.expect(
              !answer.contains(session.token), "no token in the error of \(operation.target)",
              found: DialectProbe.text(answer))
          }
        }
        let broken = await probe.client.send(
          operation.method, operation.target, #"{"token":"\#(session.token)","#, bearer: session.token)
        try probe.expect(
          !broken.contains(session.token), "no token in the answer to broken JSON", found: DialectProbe.text(broken))
      }
    },
    DialectCase("a token that a client chose is never adopted") { probe in
      guard !probe.dialect.adoptsTokens else { return }
      let before = try await probe.open()
      let invented = "sst_" + String(repeating: "A", count: 72)
      for chosen in [invented, "00000000000000000000000000", "chosen", before.token] {
        for operation in probe.operations {
          let user = try await probe.world.makeUser()
          var session = before
          session.userID = user
          var members = operation.sampleMembers(probe.dialect, session)
          for name in ["token", "sesionid", "session", "sid", "id", "session_id", "cookie"]
          where !operation.members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
            members.append((name, "\"\(chosen)\""))
          }
          let cookie = HTTPField("Cookie", "__Host-sesame=\(chosen); sid=\(chosen)")
          _ = await probe.client.send(
            operation.method, operation.target, DialectOperation.body(members), fields: [cookie])
          if let opened = try await probe.world.session(
            ofUser: user, opener: probe.dialect.name, answer: before.answer)
          {
            try probe.expect(
              opened.token != chosen && opened.id != chosen, "a token of the server's own from \(operation.target)")
          }
        }
      }
      var adopted = before
      adopted.token = invented
      for reader in probe.world.dialects {
        guard reader.verifiesTokens, let verify = reader.verify else { continue }
        let answer = try await verify(probe.client, adopted)
        try probe.expect(!reader.isAlive(answer), "\(reader.name) to refuse the invented token")
      }
    },
    DialectCase("a store that fails is no refusal of a token that may be good, and tells nothing from inside") {
      probe in
      let session = try await probe.open()
      let removed = try await probe.open()
      if let id = SessionID(removed.id) { _ = try await probe.world.sessions.remove(id, by: Actor(.service)) }
      var answers: [HTTPResponse] = []
      if probe.dialect.verifiesTokens, let verify = probe.dialect.verify {
        let refused = try await verify(probe.client, removed)
        probe.world.setFailing(true)
        let answer = try await verify(probe.client, removed)
        probe.world.setFailing(false)
        try probe.expect(
          answer.body != refused.body, "an answer that differs from a refusal", found: DialectProbe.text(answer))
        answers.append(answer)
      }
      probe.world.setFailing(true)
      for operation in probe.operations {
        let body = DialectOperation.body(operation.sampleMembers(probe.dialect, session))
        answers.append(await probe.client.send(operation.method, operation.target, body, bearer: session.token))
      }
      probe.world.setFailing(false)
      for answer in answers {
        try probe.expect(
          !answer.contains(probe.world.innerText), "nothing from inside", found: DialectProbe.text(answer))
        guard answer.status.code >= 400 else { continue }
        let fault = probe.dialect.faultOfError(answer)
        try probe.expect(
          fault == nil, "an error of the dialect's shape", found: "\(fault ?? ""): \(DialectProbe.text(answer))")
      }
    },
  ]
}
