import HTTPTesting
import JSON

/// Compares a ledger with what the restarted server says, and writes into the ledger what became of changes under way.
struct LedgerCheck {
  let client: ServiceClient
  private(set) var ledger: Ledger

  init(_ client: ServiceClient, _ ledger: Ledger) {
    self.client = client
    self.ledger = ledger
  }

  /// Checks those that changed since the last check, or all.
  mutating func run(all: Bool = false) throws {
    for place in all ? Array(ledger.entries.indices) : ledger.changed.sorted() { try check(place) }
    ledger.changed = []
    try checkPendingOpening()
  }

  private mutating func fault(_ place: Int, _ what: String) {
    let entry = ledger.entries[place]
    ledger.faults.append(
      "session \(entry.id) of \(entry.userID), pending \(String(describing: entry.pending)): \(what)")
  }

  private mutating func check(_ place: Int) throws {
    let entry = ledger.entries[place]
    let shown = try client.send("GET", "/v2/sessions/\(entry.id)")
    guard shown.status == 200 else { return fault(place, "an acknowledged opening is lost: \(shown.status)") }
    if shown["user_id"]?.string != entry.userID { fault(place, "another user's: \(shown.text)") }
    checkData(shown, place)
    checkState(shown, place)
    try checkToken(shown, place)
    ledger.entries[place].pending = nil
  }

  private mutating func checkData(_ shown: HTTPReply, _ place: Int) {
    let entry = ledger.entries[place]
    // Closing gives up the data with the same write.
    if shown["state"]?.string == "closed" {
      if shown["data"] != nil { fault(place, "closed, and yet with data: \(shown.text)") }
      return
    }
    let step = Int(shown["data"]?["step"]?.integer ?? -1)
    if step != entry.step, entry.pending != .data(step) {
      fault(place, "the data is at step \(step), acknowledged was \(entry.step)")
    }
    if shown["data"]?.text.description != ledger.data(entry.number, step: step) {
      fault(place, "the data is not whole: \(shown.text)")
    }
    ledger.entries[place].step = step
  }

  private mutating func checkState(_ shown: HTTPReply, _ place: Int) {
    let entry = ledger.entries[place]
    let reason = shown["close_reason"]?.string
    if reason != entry.closeReason {
      if let reason, entry.pending == .close(reason: reason) {
        ledger.entries[place].closeReason = reason
      } else {
        fault(place, "closed is \(reason ?? "no"), acknowledged was \(entry.closeReason ?? "no")")
      }
    }
    let isClosed = shown["state"]?.string == "closed" && shown["close_time"]?.string != nil
    if isClosed != (reason != nil) { fault(place, "half closed: \(shown.text)") }
  }

  private mutating func checkToken(_ shown: HTTPReply, _ place: Int) throws {
    let entry = ledger.entries[place]
    let generation = shown["generation"]?.integer ?? 0
    let mayBeNext = entry.pending == .renewal && generation == entry.generation + 1
    if generation != entry.generation, !mayBeNext {
      fault(place, "generation \(generation), acknowledged was \(entry.generation)")
    }
    let status = try client.ownStatus(entry.token)
    guard entry.isOpen else {
      if status != 401 { fault(place, "the token of a closed session got \(status)") }
      return
    }
    if status != 200 { return fault(place, "the acknowledged token got \(status)") }
    guard entry.pending == .renewal else { return }
    // A client that lost the answer asks again, and must get the token of the one step that was meant.
    let again = try client.send("POST", "/v2/session/renew", bearer: entry.token)
    guard again.status == 200, again["session"]?["generation"]?.integer == entry.generation + 1,
      let token = again["token"]?.string, try client.ownStatus(token) == 200
    else { return fault(place, "asking again for a renewal got \(again.status) \(again.text)") }
    ledger.entries[place].token = token
    ledger.entries[place].generation += 1
  }

  /// An opening that was not answered is there as it was asked for, or not at all.
  private mutating func checkPendingOpening() throws {
    guard let number = ledger.pendingOpening else { return }
    ledger.pendingOpening = nil
    let reply = try client.send("GET", "/v2/sessions?user_id=\(ledger.userID(number))&include=data")
    let found = reply["sessions"]?.elements ?? []
    ledger.unanswered += found.count
    for session in found
    where session["data"]?.text.description != ledger.data(number, step: 0) || session["state"]?.string != "open"
      || session["generation"]?.integer != 0
    {
      ledger.faults.append("an opening is half done: \(session.text)")
    }
    if found.count > 1 { ledger.faults.append("one opening made \(found.count) sessions") }
  }
}
