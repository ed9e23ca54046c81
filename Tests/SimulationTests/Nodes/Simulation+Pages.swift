import SessionCore
import SessionTesting
import Synchronization

/// Clients that read a list page by page while others open and close.
extension Simulation {
  /// Reads the live sessions of a user, or of all, to the end, each page on any node.
  func readPages() {
    let isOfOne = chance(50)
    let user = ExactText("u\(number(below: 3))")
    let isDescending = chance(50)
    let limit = 1 + number(below: 3)
    let began = ledger.withLock { $0.next() }
    var filter = SessionFilter()
    filter.isAlive = true
    if isOfOne { filter.userID = user }
    let query = SessionQuery(filter, order: SessionOrder(.opened, isDescending: isDescending), limit: limit)
    readPage(query, began: began, found: [])
  }

  private func readPage(_ query: SessionQuery, began: Int, found: [SessionID]) {
    let node = anyNode()
    spawn(on: node) { [self] in
      guard let page = try? await node.sessions.sessions(matching: query) else { return }
      let found = found + page.sessions.map(\.id)
      note("node \(node.number) has a page of \(page.sessions.count)")
      guard found.count < 1000 else {
        ledger.withLock { $0.fail("a list without an end") }
        return
      }
      guard let next = page.next else {
        ledger.withLock { $0.read(found, of: query.filter.userID, since: began, at: clock.now()) }
        return
      }
      var query = query
      query.after = next
      readPage(query, began: began, found: found)
    }
  }
}

extension Ledger {
  /// A list that was read to its end: nobody is in it twice, and everybody who lived all the while is in it.
  mutating func read(_ found: [SessionID], of user: ExactText?, since began: Int, at now: Timestamp) {
    count("a list")
    // One that is opened again with a token of its client's own has another open time then, and another place.
    let found = found.filter { tracks[$0] != nil }
    let all = Set(found)
    if all.count < found.count { fail("a list that has a session twice") }
    for id in ids where !all.contains(id) {
      guard let track = tracks[id], user == nil || track.userID == user, track.openedOrder < began,
        !track.closingBegan, !track.isDoubtful, !world.evicts, mustLive(since: track.requestTime, at: now)
      else { continue }
      fail("a list without a session that lived from its beginning to its end")
    }
    if found.count > 3 { count("a list of several pages") }
  }
}
