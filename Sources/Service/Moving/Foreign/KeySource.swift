import JSON

/// Sessions that are kept as JSON under keys, each as a row of `sid`, `session` and `ttl`.
struct KeySource<Reading: RowReading>: RecordSource {
  private var keys: any ForeignKeys
  private let reading: Reading
  private var waiting: [ForeignKey] = []

  init(_ keys: any ForeignKeys, _ reading: Reading) {
    self.keys = keys
    self.reading = reading
  }

  var part: Double? { nil }

  mutating func next() async throws(MovingError) -> SourceItem? {
    while waiting.isEmpty {
      guard let more = try await keys.next() else { return nil }
      waiting = more
    }
    guard let key = waiting.popLast() else { return nil }
    return item(key)
  }

  private func item(_ key: ForeignKey) -> SourceItem {
    // The whole name opens a session, and is not shown.
    let at = "key \(String(decoding: key.name.prefix(6), as: UTF8.self))…"
    let limits = JSONLimits(maximumBytes: 1 << 24, maximumDepth: 100)
    let size = key.value.count
    guard let session = try? JSONText(parsing: key.value, limits: limits) else {
      return SourceItem(at: at, .bad("its value must be JSON of at most 16 MiB", isSession: true), size: size)
    }
    var json = JSONWriter(capacity: size + 128)
    json.beginObject()
    json.member("sid", utf8: key.name)
    json.name("session")
    json.raw(session)
    if let left = key.millisecondsLeft { json.member("ttl", left) }
    json.endObject()
    guard let row = try? JSONDocument(parsing: json.bytes, limits: .widest).root else {
      return SourceItem(at: at, .bad("its value must be JSON", isSession: true), size: size)
    }
    return SourceItem(at: at, reading.content(of: ForeignRow(at: at, value: row, size: size)), size: size)
  }
}
