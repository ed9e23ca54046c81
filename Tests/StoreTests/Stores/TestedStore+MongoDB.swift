#if MongoDB
  import SessionCore

  extension TestedStore {
    /// Databases of the servers that share the load, in turn.
    static let mongoDB = TestedServer("SESAME_TEST_MONGODB") { _ in
      TestedStore("MongoDB", isShared: true, width: 4) {
        let place = MongoPlace()
        return StorePlace {
          try await place.open()
        } remove: {
          await place.remove()
        }
      }
    }
  }
#endif
