import JSON

/// Documents of a collection, each read as a row.
struct DocumentSource<Reading: RowReading>: RecordSource {
  private var documents: any ForeignDocuments
  private let reading: Reading
  private var waiting: ArraySlice<ForeignDocument> = []
  private var number: Int64 = 0

  init(_ documents: any ForeignDocuments, _ reading: Reading) {
    self.documents = documents
    self.reading = reading
  }

  var part: Double? { nil }

  mutating func next() async throws(MovingError) -> SourceItem? {
    while waiting.isEmpty {
      guard let more = try await documents.next() else { return nil }
      waiting = more[...]
    }
    guard let document = waiting.popFirst() else { return nil }
    number += 1
    let at = "document \(number)"
    switch document {
    case .bad(let why): return SourceItem(at: at, .bad(why, isSession: Reading.readsSessions), size: 0)
    case .json(let bytes):
      guard let value = try? JSONDocument(parsing: bytes, limits: .widest).root else {
        return SourceItem(at: at, .bad("it is no JSON", isSession: Reading.readsSessions), size: bytes.count)
      }
      let row = ForeignRow(at: at, value: value, size: bytes.count)
      return SourceItem(at: at, reading.content(of: row), size: bytes.count)
    }
  }
}
