import JSON
import SessionCore
import Testing

@Suite struct PolicyTests {
  private func invalidMember(_ policy: SessionPolicy = SessionPolicy(), _ change: (inout SessionDraft) -> Void)
    -> String?
  {
    var draft = SessionDraft(userID: "u")
    change(&draft)
    guard case .invalid(let member, let reason)? = policy.refusal(of: draft) else { return nil }
    #expect(!reason.isEmpty)
    return member
  }

  private func text(_ count: Int) -> ExactText { ExactText(String(repeating: "é", count: count / 2)) }

  @Test("what is within bounds is admitted, to the byte")
  func admitted() {
    #expect(invalidMember { _ in } == nil)
    #expect(invalidMember { $0.userID = ExactText(String(repeating: "x", count: 255)) } == nil)
    #expect(invalidMember { $0.userName = text(1024) } == nil)
    #expect(invalidMember { $0.userAgent = text(2048) } == nil)
    #expect(invalidMember { $0.idleTimeout = .seconds(1) } == nil)
    #expect(invalidMember { $0.lifetime = .days(365) } == nil)
    let full = JSONText(uncheckedMinified: [UInt8](repeating: 0x31, count: 65_536))
    #expect(invalidMember { $0.user = full } == nil)
  }

  @Test("what is out of bounds is refused by its name")
  func refused() {
    #expect(invalidMember { $0.userID = "" } == "user_id")
    #expect(invalidMember { $0.userID = ExactText(String(repeating: "x", count: 256)) } == "user_id")
    #expect(invalidMember { $0.userID = "a\u{0}b" } == "user_id")
    #expect(invalidMember { $0.userName = text(1026) } == "user_name")
    #expect(invalidMember { $0.address = text(1026) } == "address")
    #expect(invalidMember { $0.client = text(1026) } == "client")
    #expect(invalidMember { $0.kind = text(1026) } == "kind")
    #expect(invalidMember { $0.status = "\u{0}" } == "status")
    #expect(invalidMember { $0.userAgent = text(2050) } == "user_agent")
    #expect(invalidMember { $0.idleTimeout = TimeSpan(milliseconds: 999) } == "idle_timeout")
    #expect(invalidMember { $0.idleTimeout = .days(31) } == "idle_timeout")
    #expect(invalidMember { $0.lifetime = .days(366) } == "lifetime")
    let over = JSONText(uncheckedMinified: [UInt8](repeating: 0x31, count: 65_537))
    #expect(invalidMember { $0.user = over } == "user")
    #expect(invalidMember { $0.data = over } == "data")
  }
}
