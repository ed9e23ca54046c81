import SQLiteStore
import Sesame

@main struct FirstSession {
  static func main() async throws {
    let folder = CommandLine.arguments.dropFirst().first ?? "."
    let store = try await SQLiteStore(path: folder + "/sesame.db")
    let sessions = Sessions(store: store, keys: try KeyRing(file: folder + "/keys"))
    var draft = SessionDraft(userID: "ada")
    draft.client = "example"
    guard case .opened(let session, let token, _) = try await sessions.open(draft, by: Actor(.service)),
      case .active = try await sessions.verify(token.text),
      case .renewed(let renewed, _) = try await sessions.renew(token.text, by: Actor(.user)),
      let ended = try await sessions.close(session.id, reason: .logout, by: Actor(.user))
    else { fatalError("a session was refused") }
    print("\(ended.session.userID): generation \(renewed.generation), closed: \(ended.isClosedNow)")
    await store.shutdown()
  }
}
