#if MongoDB
  import SessionCore

  extension TestedStore {
    /// Databases of one server.
    static let mongoDB = TestedServer("SESAME_TEST_MONGODB") { address in
      TestedStore("MongoDB", isShared: true, width: 4) {
        let place = MongoPlace(address)
        return StorePlace {
          try await place.open()
        } remove: {
          try await place.remove()
        }
      }
    }
  }
#endif
