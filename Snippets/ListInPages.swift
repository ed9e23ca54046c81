// Lists a user's live sessions, three to a page, by cursor: swift run ListInPages FOLDER

import MemoryStore
import Sesame

let store = MemoryStore()
let keys = try KeyRing(file: (CommandLine.arguments.dropFirst().first ?? ".") + "/keys")
let sessions = Sessions(store: store, keys: keys)
for number in 1...7 {
  var draft = SessionDraft(userID: "ada")
  draft.client = ExactText("device \(number)")
  _ = try await sessions.open(draft, by: Actor(.service))
}

var filter = SessionFilter()
filter.userID = "ada"
filter.isAlive = true
var query = SessionQuery(filter, limit: 3)
while true {
  let page = try await sessions.sessions(matching: query)
  print(page.sessions.map { $0.client?.string ?? "?" })
  // What is opened or closed meanwhile moves nothing from one page to another.
  guard let next = page.next else { break }
  query.after = next
}
await store.shutdown()
