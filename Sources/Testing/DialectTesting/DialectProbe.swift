import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

/// What a case is given: a world, the dialect that it is about, and how to say what was expected of it.
struct DialectProbe: Sendable {
  let caseName: String
  let world: DialectWorld
  let dialect: TestedDialect

  var client: DialectClient { world.client }

  func expect(_ isTrue: Bool, _ expectation: String, found: @autoclosure () -> String = "otherwise") throws {
    guard isTrue else {
      throw DialectFailure(caseName: caseName, dialect: dialect.name, expectation: expectation, found: found())
    }
  }

  /// Opens a session for a new user through `opener`, or in the core where the dialect can't.
  func open(_ opener: TestedDialect? = nil) async throws -> DialectSession {
    let opener = opener ?? dialect
    let user = try await world.makeUser()
    guard let open = opener.open else {
      let verdict = try await world.sessions.open(SessionDraft(userID: ExactText(user)), by: Actor(.service))
      guard case .opened(let session, _, evicted: _) = verdict else { throw missing(opener) }
      return world.shown(session, opener: "", answer: HTTPResponse(status: .ok))
    }
    let answer = try await open(client, user)
    guard let session = try await world.session(ofUser: user, opener: opener.name, answer: answer) else {
      throw missing(opener)
    }
    return session
  }

  private func missing(_ opener: TestedDialect) -> DialectFailure {
    DialectFailure(
      caseName: caseName, dialect: opener.name, expectation: "a session that was opened", found: "none")
  }

  /// Expects of each way of `reader` to see a session that it is alive, or that it is not.
  func expect(_ session: DialectSession, isAlive: Bool, to reader: TestedDialect, _ when: String) async throws {
    let verifies = reader.verifiesTokens || session.opener == reader.name
    for (name, send) in [("verify", verifies ? reader.verify : nil), ("show", reader.show)] {
      guard let answer = try await send?(client, session) else { continue }
      try expect(
        reader.isAlive(answer) == isAlive, "\(reader.name) to \(name) it as \(isAlive ? "alive" : "ended") \(when)",
        found: Self.text(answer))
    }
    if let answer = try await reader.list?(client, session) {
      try expect(
        reader.isListed(answer, session) == isAlive,
        "\(reader.name) \(isAlive ? "" : "not ")to list it among the live \(when)", found: Self.text(answer))
    }
  }

  /// Expects an answer to be a refusal in the dialect's shape, and no fault of the server.
  func expectError(_ answer: HTTPResponse, to request: @autoclosure () -> String) throws {
    if let fault = faultOfRefusal(answer) {
      try expect(false, "an error of the dialect's shape to \(request())", found: "\(fault): \(Self.text(answer))")
    }
  }

  /// Expects an answer to be anything but a fault of the server, and in the dialect's shape if it is an error.
  func expectNoFault(_ answer: HTTPResponse, to request: @autoclosure () -> String) throws {
    if answer.status.code >= 400 { try expectError(answer, to: request()) }
  }

  private func faultOfRefusal(_ answer: HTTPResponse) -> String? {
    answer.status.code >= 500 ? "status \(answer.status.code)" : dialect.faultOfError(answer)
  }

  /// The head of an answer, for failures.
  static func text(_ answer: HTTPResponse) -> String {
    "\(answer.status.code) \(String(decoding: answer.body.prefix(300), as: UTF8.self))"
  }

  /// Each operation that takes a body, under each of its paths.
  var operations: [DialectOperation] {
    dialect.groups.flatMap { group in
      group.prefixes.flatMap { prefix in
        group.routes.compactMap { DialectOperation($0, prefix: prefix) }
      }
    }
  }
}
