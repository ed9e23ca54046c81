internal import MongoDriver
internal import SessionCore

/// Moving request times forward, outside the writer's transactions: there are many of them, they have no entries in the
/// event log, and the server makes each by itself.
extension MongoReader {
  /// How often sessions that are changed by others meanwhile are read again.
  private static let rounds = 5

  /// Moves the request times of open sessions forward.
  ///
  /// The new deadline is of what was read, so each update holds only for that revision; where another came between, the
  /// session is read again. An update that meets a transaction waits for its end, and a transaction that meets an
  /// update begins again.
  func touch(
    _ times: [SessionID: Timestamp], slack: TimeSpan, for call: any PendingCall
  ) throws(StoreError) {
    var isSent = false
    do throws(StoreError) {
      for _ in 0..<Self.rounds {
        let statements = try updates(times, slack: slack)
        if statements.isEmpty { return }
        let reply = try write(
          [
            "update": .string(SessionDocument.collection), "updates": .array(statements), "ordered": false,
            "writeConcern": ["w": "majority"],
          ], for: call)
        isSent = true
        if reply["n"]?.int == Int64(statements.count) { return }
      }
    } catch {
      guard isSent || (error.underlying as? MongoError)?.code == .refused else { throw error }
      throw StoreError(
        .unknownOutcome, "The session store did not store all of these.", underlying: error.underlying ?? error)
    }
    throw StoreError(.unknownOutcome, "The session store is too busy to store all of these.")
  }

  /// The updates that are needed still.
  private func updates(
    _ times: [SessionID: Timestamp], slack: TimeSpan
  ) throws(StoreError) -> [BSONValue] {
    let found = try documents([
      "find": .string(SessionDocument.collection),
      "filter": ["_id": ["$in": .array(times.keys.map { .utf8($0.text) })], "is_open": true],
      "projection": SessionDocument.withoutContents, "batchSize": 1000,
    ])
    let now = Timestamp(milliseconds: MongoTime.now())
    return found.compactMap { document in
      // A damaged session is for who asks for it.
      guard var session = try? SessionDocument.read(document), let time = times[session.id],
        session.requestTime < time
      else { return nil }
      session.requestTime = time
      let change: BSONValue = [
        "request_time": .date(time.milliseconds), "deadline": .date(session.deadline.milliseconds),
        "expires": .date((now + (session.deadline - time) + slack).milliseconds),
      ]
      return [
        "q": [
          "_id": .utf8(session.id.text), "is_open": true, "revision": .int64(session.revision),
          "request_time": ["$lt": .date(time.milliseconds)],
        ],
        "u": ["$set": change],
      ]
    }
  }
}
