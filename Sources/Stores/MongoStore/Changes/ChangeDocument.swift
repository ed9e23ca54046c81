internal import MongoDriver
internal import SessionCore

/// Notes as a document of the collection whose change stream all nodes follow.
///
/// The server removes them after a minute: a stream is fed from the server's own log of writes, not from them.
enum ChangeDocument {
  static let collection = "changes"

  static func write(_ notes: some Sequence<ChangeNote>) -> BSONDocument {
    [
      "time": .date(MongoTime.now()),
      "lines": .string(notes.map(\.text).joined(separator: "\n")),
    ]
  }

  /// The notes that a change of that collection tells of; none for what can't be read.
  static func read(_ change: BSONDocument) -> [ChangeNote] {
    let lines = change["fullDocument"]?.document?["lines"]?.text ?? ""
    return lines.utf8.split(separator: 0x0A).compactMap { ChangeNote(Substring($0)) }
  }
}
