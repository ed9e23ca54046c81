import Moving

#if MongoDB
  import MongoDriver

  /// The documents of one collection, by a cursor, which keeps a thousand at a time
  /// (https://www.mongodb.com/docs/manual/reference/command/find/).
  final class MongoDocuments: ForeignDocuments {
    private struct Question: Sendable {
      let command: BSONDocument
      let answer: CheckedContinuation<Result<BSONDocument, MongoError>, Never>
    }

    private enum Place {
      case beginning
      case cursor(Int64)
      case end
    }

    private static let batch: Int32 = 1000

    private let threads: MongoThreads<Question>
    private let collection: String
    private var place = Place.beginning

    /// Opens `mongodb://…/database.collection`; without a collection it is `sessions`.
    init(_ text: String) throws(MovingError) {
      let address = try CollectionAddress(text)
      collection = address.collection
      var options = MongoOptions()
      options.connections = 1
      options.connectTimeout = 10_000
      options.selectionTimeout = 10_000
      options.answerTimeout = 60_000
      do throws(MongoError) {
        let pool = try MongoPool(address: address.server, options: options)
        threads = try MongoThreads(name: "mongo-import", threads: 1, capacity: 1, batchLimit: 1) {
          let client = pool.client()
          return { questions in
            for question in questions {
              do throws(MongoError) {
                guard let client else { throw MongoError(.exhausted, "The system gives no connection.") }
                let reply = try client.run(question.command, on: address.database)
                question.answer.resume(returning: .success(reply))
              } catch {
                question.answer.resume(returning: .failure(error))
              }
            }
          }
        }
      } catch {
        throw MovingError(.file, "The MongoDB can't be used: \(error.description)")
      }
    }

    func next() async throws(MovingError) -> [ForeignDocument]? {
      let (command, member): (BSONDocument, String)
      switch place {
      case .end:
        await threads.stop()
        return nil
      case .beginning:
        (command, member) = (["find": .string(collection), "batchSize": .int32(Self.batch)], "firstBatch")
      case .cursor(let id):
        command = ["getMore": .int64(id), "collection": .string(collection), "batchSize": .int32(Self.batch)]
        member = "nextBatch"
      }
      do throws(MongoError) {
        let cursor = try await ask(command)["cursor"]?.document
        guard let id = cursor?["id"]?.int, let documents = cursor?[member]?.array else {
          throw MongoError(.malformed, "An answer has no cursor.")
        }
        place = id == 0 ? .end : .cursor(id)
        return documents.map { value -> ForeignDocument in
          guard let document = value.document else { return .bad("it is no document") }
          return DocumentText.json(of: document).map { .json($0) }
            ?? .bad("it has a value of a kind that JSON has no place for")
        }
      } catch {
        await threads.stop()
        throw MovingError(.file, "The MongoDB failed: \(error.description) Import again to go on.")
      }
    }

    private func ask(_ command: BSONDocument) async throws(MongoError) -> BSONDocument {
      let threads = threads
      let result: Result<BSONDocument, MongoError> = await withCheckedContinuation { continuation in
        do throws(MongoError) {
          try threads.submit(Question(command: command, answer: continuation))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
      return try result.get()
    }
  }
#endif
