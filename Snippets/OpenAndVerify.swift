// Opens a session, verifies its token, and logs out: swift run OpenAndVerify FOLDER

import MemoryStore
import Sesame

let store = MemoryStore()
let keys = try KeyRing(file: (CommandLine.arguments.dropFirst().first ?? ".") + "/keys")
let sessions = Sessions(store: store, keys: keys)

var draft = SessionDraft(userID: "ada")
draft.client = "web"
draft.idleTimeout = .minutes(30)

switch try await sessions.open(draft, by: Actor(.service)) {
case .refused(let refusal):
  print("refused: \(refusal)")
case .opened(let session, let token, _):
  // The token is shown this once, and prints as "redacted": hand its text to the user.
  if case .active(let live) = try await sessions.verify(token.text) {
    print("\(live.userID) until \(String(decoding: live.deadline.rfc3339, as: UTF8.self))")
  }
  _ = try await sessions.close(session.id, reason: .logout, by: Actor(.user))
  if case .refused(let reason, _, _) = try await sessions.verify(token.text) { print("and then: \(reason)") }
}
await store.shutdown()
