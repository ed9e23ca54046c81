import Foundation
import Sesame
import SessionTesting
import Testing
import ThirdPartyStore

@Suite("A store of one's own") struct ListStoreTests {
  @Test("keeps the contract", arguments: SessionStoreCase.all)
  func contract(promise: SessionStoreCase) async throws {
    try await promise.run { ListStore() }
  }

  @Test("keeps sessions like any other")
  func sessions() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("third-party-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let sessions = Sessions(store: ListStore(), keys: try KeyRing(file: folder + "/keys"))
    guard case .opened(let session, let token, _) = try await sessions.open(SessionDraft(userID: "ada"), by: .tester)
    else {
      Issue.record("a session was refused")
      return
    }
    guard case .active = try await sessions.verify(token.text, fresh: true) else {
      Issue.record("the token of an open session was refused")
      return
    }
    #expect(try await sessions.close(session.id, reason: .logout, by: .tester)?.isClosedNow == true)
    guard case .refused(let reason, .logout, _) = try await sessions.verify(token.text, fresh: true) else {
      Issue.record("the token of a closed session was let in")
      return
    }
    #expect(reason == .closed)
  }
}
