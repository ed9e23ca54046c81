internal import MongoDriver
public import SessionCore
internal import Synchronization

extension MongoStore: SharedStore {
  /// One: a change stream has one order.
  public var lanes: Int { 1 }

  /// The only one.
  public var directoryLane: Int { 0 }

  /// Sends a heartbeat, as a document of the collection that carries the notes.
  public func sendHeartbeat(_ number: UInt64, along lane: Int) async throws(StoreError) {
    try await send(.heartbeat(number))
  }

  /// Sends a sign of life in the same way.
  public func sendSign(_ sign: NodeSign) async throws(StoreError) { try await send(.node(sign)) }

  private func send(_ note: ChangeNote) async throws(StoreError) {
    try await set { (reader, call) throws(StoreError) in
      _ = try reader.write(
        [
          "insert": .string(ChangeDocument.collection), "documents": [.document(ChangeDocument.write([note]))],
          "writeConcern": ["w": 1],
        ], for: call)
    }
  }

  /// Has `listener` hear the notes of all nodes from a change stream, on a thread of its own, until the task is
  /// cancelled or the store is shut down.
  public func follow(_ listener: any ChangeListener) async {
    let isCancelled = Cancellation()
    let (pool, database) = (pool, database)
    guard
      let thread = try? MongoThreads<CheckedContinuation<Void, Never>>(
        name: "mongo-follow", threads: 1, capacity: 1, batchLimit: 1,
        makeWorker: {
          { continuations in
            ChangeFollower(pool, database: database, listener) { [self] in
              isCancelled.isSet || isShutDown.load(ordering: .acquiring)
            }.run()
            for continuation in continuations { continuation.resume() }
          }
        })
    else { return }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        do { try thread.submit(continuation) } catch { continuation.resume() }
      }
    } onCancel: {
      isCancelled.set()
    }
    await thread.stop()
  }

  /// Takes a task, or keeps it, by the primary's own clock.
  public func holdTask(
    _ task: String, as holder: String, for duration: TimeSpan
  ) async throws(StoreError) -> Bool {
    try await set { (reader, call) throws(StoreError) in
      // Read before it is asked for, so that nobody's time is cut short.
      let now = try reader.serverTime()
      let end = (Timestamp(milliseconds: now) + duration).milliseconds
      let taking: BSONValue = [
        "q": [
          "_id": .string(task),
          "$or": [["holder": .string(holder)], ["until": ["$lte": .date(now)]]],
        ],
        "u": ["$set": ["holder": .string(holder), "until": .date(end)]], "upsert": true,
      ]
      do throws(StoreError) {
        _ = try reader.write(["update": "tasks", "updates": [taking], "writeConcern": ["w": "majority"]], for: call)
        return true
      } catch {
        // DuplicateKey: it is there, and does not match, for it is another's.
        guard (error.underlying as? MongoError)?.number == 11000 else { throw error }
        return false
      }
    }
  }

  /// Gives a task back.
  public func releaseTask(_ task: String, as holder: String) async throws(StoreError) {
    try await set { (reader, call) throws(StoreError) in
      _ = try reader.write(
        [
          "delete": "tasks", "deletes": [["q": ["_id": .string(task), "holder": .string(holder)], "limit": 1]],
          "writeConcern": ["w": "majority"],
        ], for: call)
    }
  }
}

/// Whether a task was cancelled, for a thread that looks at it now and then.
private final class Cancellation: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool { flag.load(ordering: .acquiring) }
  func set() { flag.store(true, ordering: .releasing) }
}
