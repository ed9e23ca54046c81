import JSON
import SessionCore
import Testing

/// What a session may lack is shared by its copies, and must not look so.
@Suite struct SessionCopyTests {
  /// A change of one member.
  struct Change: CustomTestStringConvertible {
    var name: String
    var apply: @Sendable (inout Session, Bool) -> Void
    var isSet: @Sendable (Session) -> Bool

    var testDescription: String { name }

    init<Value: Equatable & Sendable>(
      _ name: String, _ member: any WritableKeyPath<Session, Value?> & Sendable, _ value: Value
    ) {
      self.name = name
      apply = { session, isSet in session[keyPath: member] = isSet ? value : nil }
      isSet = { $0[keyPath: member] == value }
    }
  }

  static let changes: [Change] = [
    Change("user_name", \.userName, "a name"), Change("address", \.address, "192.0.2.1"),
    Change("client", \.client, "a client"), Change("user_agent", \.userAgent, "an agent"),
    Change("kind", \.kind, "signup"), Change("status", \.status, "new"),
    Change("login_method", \.loginMethod, "password"),
    Change("auth_time", \.authTime, Timestamp(milliseconds: 5)), Change("user", \.user, .null),
    Change("data", \.data, JSONText(uncheckedMinified: Array("[1]".utf8))),
  ]

  private static var bare: Session {
    Session(
      id: SessionID(high: 1, low: 2), userID: "u", openTime: Timestamp(milliseconds: 0), idleTimeout: .hours(1),
      lifetime: .hours(2))
  }

  private static var full: Session {
    var session = bare
    for change in changes { change.apply(&session, true) }
    return session
  }

  @Test("a change of a copy leaves the session and all other members alone", arguments: changes.indices)
  func independence(index: Int) {
    let change = Self.changes[index]
    let (bare, full) = (Self.bare, Self.full)
    var (richer, poorer) = (bare, full)
    change.apply(&richer, true)
    change.apply(&poorer, false)
    for other in Self.changes {
      let isChanged = other.name == change.name
      #expect(!other.isSet(bare) && other.isSet(full), "\(other.name) of those copied")
      #expect(other.isSet(richer) == isChanged && other.isSet(poorer) != isChanged, "\(other.name) of the copies")
    }
    #expect(richer != bare && poorer != full)
    change.apply(&richer, false)
    change.apply(&poorer, true)
    #expect(richer == bare && bare == richer, "one that lacks all again")
    #expect(poorer == full)
  }

  @Test("a session is small to hand on, whatever it has")
  func size() {
    #expect(MemoryLayout<Session>.size <= 112)
  }

  @Test("closing drops the JSON of callers' own, and of the copy alone")
  func closing() {
    let open = Self.full
    let closed = open.closed(.logout, at: Timestamp(milliseconds: 9))
    #expect(closed.user == nil && closed.data == nil && closed.address == "192.0.2.1")
    #expect(open.user == .null && open.data != nil)
  }

  @Test("a rendering holds the JSON of callers' own once, and has the length that it says", arguments: 0..<8)
  func rendering(bits: Int) {
    var session = Self.bare
    if bits & 1 > 0 { session.user = JSONText(uncheckedMinified: Array(#"{"a":1}"#.utf8)) }
    if bits & 2 > 0 { session.data = JSONText(uncheckedMinified: Array("[2,3]".utf8)) }
    let isContinued = bits & 4 > 0
    let blank = String(repeating: "?", count: Timestamp.rfc3339Length)
    let rendering = SessionRendering(
      bytes: Array(#"{"r":"\#(blank)","d":"\#(blank)""#.utf8), requestTimeOffset: 6, deadlineOffset: 37)
    var text = Array("before ".utf8)
    rendering.append(
      session, requestTime: Timestamp(milliseconds: 1), deadline: Timestamp(milliseconds: 2), isContinued: isContinued,
      to: &text)
    let user = bits & 1 > 0 ? #","user":{"a":1}"# : ""
    let data = bits & 2 > 0 ? #","data":[2,3]"# : ""
    let expected =
      #"before {"r":"1970-01-01T00:00:00.001Z","d":"1970-01-01T00:00:00.002Z""# + user + data
      + (isContinued ? "," : "}")
    #expect(String(decoding: text, as: UTF8.self) == expected)
    #expect(rendering.byteCount(of: session) == text.count - 7)
  }
}
