internal import MongoDriver
internal import SessionCore

/// Hears the notes of all nodes from a change stream, on its own thread.
final class ChangeFollower {
  private let pool: MongoPool
  private let database: String
  private let listener: any ChangeListener
  private let isOver: () -> Bool
  /// How long the server keeps a question for changes that are not there yet.
  private static let patience: Int64 = 100

  init(_ pool: MongoPool, database: String, _ listener: any ChangeListener, isOver: @escaping () -> Bool) {
    self.pool = pool
    self.database = database
    self.listener = listener
    self.isOver = isOver
  }

  /// Follows until it is over: one stream after the other.
  func run() {
    while !isOver() {
      do throws(MongoError) { try follow() } catch { MongoTime.pause(milliseconds: 50) }
    }
  }

  private func follow() throws(MongoError) {
    guard let client = pool.client() else { throw MongoError(.exhausted, "All connections are in use.") }
    let stream = try MongoChangeStream(
      of: ChangeDocument.collection, in: database,
      pipeline: [["$match": ["operationType": ["$in": ["insert", "drop", "rename", "invalidate"]]]]],
      patience: Self.patience, through: client)
    listener.laneOpened(0)
    defer { listener.laneClosed(0) }
    while !isOver() {
      guard let change = try stream.next() else { continue }
      guard change["operationType"]?.text == "insert" else {
        throw MongoError(.refused, "The collection of changes is gone.")
      }
      for note in ChangeDocument.read(change) { listener.heard(note, along: 0) }
    }
  }
}
