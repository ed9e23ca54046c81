internal import CMongoC

/// A client of a pool, for one thread at a time: it sends commands and waits for their answers.
///
/// After an answer that did not come, the library closes the connection, and makes a new one for the next command.
@safe
public final class MongoClient {
  private let pool: MongoPool
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer, of pool: MongoPool) {
    unsafe self.pointer = pointer
    self.pool = pool
  }

  deinit { unsafe pool.take(back: pointer) }

  /// Sends a command to the primary, and answers what it says.
  ///
  /// The command is sent once (https://mongoc.org/libmongoc/1.23.1/mongoc_client_command_with_opts.html); what is to be
  /// read or written with which concern stands in the command.
  ///
  /// - Parameters:
  ///   - command: the command, its name first.
  ///   - database: of which database.
  ///   - transaction: in which transaction.
  /// - Returns: the answer.
  /// - Throws: also for a write that failed in part, or was not acknowledged as asked.
  @discardableResult
  public func run(
    _ command: BSONDocument, on database: String, in transaction: MongoTransaction? = nil
  ) throws(MongoError) -> BSONDocument {
    let options = try transaction?.options ?? BSONDocument()
    var error = bson_error_t()
    var answer = unsafe mongo_bytes()
    let isDone = unsafe mongo_command(
      pointer, database, command.bytes, command.bytes.count, options.bytes, options.bytes.count, &answer, &error)
    let reply: BSONDocument
    do { reply = try unsafe MongoLibrary.take(answer) } catch let problem {
      throw isDone ? MongoError(.malformed, problem.description) : MongoError(error, reply: nil)
    }
    guard isDone else { throw MongoError(error, reply: reply) }
    if let failure = Self.failure(in: reply) { throw failure }
    return reply
  }

  /// What went wrong in a command that was answered with yes.
  private static func failure(in reply: BSONDocument) -> MongoError? {
    let labels = Set((reply["errorLabels"]?.array ?? []).compactMap(\.text))
    for name in ["writeErrors", "writeConcernError"] {
      let value = reply[name]
      guard let problem = value?.array?.first?.document ?? value?.document else { continue }
      return MongoError(
        name == "writeErrors" ? .refused : .interrupted, problem["errmsg"]?.text ?? "The server did not write.",
        number: problem["code"]?.int.flatMap { Int(exactly: $0) } ?? 0, labels: labels)
    }
    return nil
  }

  /// All documents that a command with a cursor (`find`, `aggregate`) answers, fetched to the end.
  ///
  /// - Parameters:
  ///   - command: the command, its name first, with its batch size.
  ///   - database: of which database.
  ///   - transaction: in which transaction.
  /// - Returns: the documents.
  /// - Throws: what ``run(_:on:in:)`` throws.
  public func documents(
    _ command: BSONDocument, on database: String, in transaction: MongoTransaction? = nil
  ) throws(MongoError) -> [BSONDocument] {
    var cursor = try run(command, on: database, in: transaction)["cursor"]?.document
    var documents: [BSONDocument] = []
    var batch = "firstBatch"
    while let found = cursor {
      guard let page = found[batch]?.array, let id = found["id"]?.int else { break }
      documents += page.compactMap(\.document)
      guard id != 0, let collection = found["ns"]?.text?.utf8.drop(while: { $0 != 0x2E }).dropFirst() else {
        return documents
      }
      batch = "nextBatch"
      let more: BSONDocument = ["getMore": .int64(id), "collection": .string(String(Substring(collection)))]
      cursor = try run(more, on: database, in: transaction)["cursor"]?.document
    }
    throw MongoError(.malformed, "An answer has no cursor.")
  }
}
