internal import SessionCore

/// The event log of a memory store; its numbers have no gaps.
struct EventLog {
  /// The entries; those before `start` are removed already.
  private var entries: [LoggedEvent] = []
  private var start = 0
  private(set) var lastNumber: Int64 = 0
  /// How far followers have got.
  var cursors: [ExactText: Int64] = [:]

  /// Adds an entry at the end.
  mutating func append(_ event: Event) {
    lastNumber += 1
    entries.append(LoggedEvent(number: lastNumber, event: event))
  }

  /// Entries after `number`, oldest first.
  func page(after number: Int64, kinds: Set<Event.Kind>?, limit: Int) -> EventPage {
    let limit = max(1, limit)
    let begin = position(after: number)
    let end = begin + min(entries.count - begin, EventPage.entriesLookedAt(for: limit, isFiltered: kinds != nil))
    var page = EventPage(entries: [], next: number, hasMore: false)
    for entry in entries[begin..<end] {
      guard page.entries.count < limit else { break }
      page.next = entry.number
      if kinds?.contains(entry.event.kind) ?? true { page.entries.append(entry) }
    }
    page.hasMore = page.next < lastNumber
    return page
  }

  /// Removes the beginning, up to the first entry that is not from before `time`; the newest stays.
  mutating func purge(before time: Timestamp, limit: Int) -> Int {
    let end = start + max(0, min(limit, entries.count - start - 1))
    let first = start
    while start < end, entries[start].event.time < time { start += 1 }
    let removed = start - first
    // Moving what remains each time would make many small batches expensive.
    if start > entries.count / 2 {
      entries.removeFirst(start)
      start = 0
    }
    return removed
  }

  private func position(after number: Int64) -> Int {
    guard start < entries.count else { return entries.count }
    let first = entries[start].number
    guard number >= first else { return start }
    return number >= lastNumber ? entries.count : start + Int(number - first) + 1
  }
}
