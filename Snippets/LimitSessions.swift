// Lets a user be logged in at two places; a third log-in ends the oldest: swift run LimitSessions FOLDER

import MemoryStore
import Sesame

let store = MemoryStore()
var policy = SessionPolicy()
policy.liveLimit = LiveSessionLimit(maximum: 2, overflow: .evictOldest)
let keys = try KeyRing(file: (CommandLine.arguments.dropFirst().first ?? ".") + "/keys")
let sessions = Sessions(store: store, policy: policy, keys: keys)

for client in ["phone", "laptop", "television"] {
  var draft = SessionDraft(userID: "ada")
  draft.client = ExactText(client)
  if case .opened(_, _, let evicted) = try await sessions.open(draft, by: Actor(.service)) {
    print(client, "in,", evicted.map { $0.client?.string ?? "?" }, "out")
  }
}
await store.shutdown()
