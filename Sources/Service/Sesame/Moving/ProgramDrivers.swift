import Moving

/// The drivers that this build has, for reading what other programs keep.
struct ProgramDrivers: ForeignDrivers {
  func rows(ofTable name: String, in path: String) throws(MovingError) -> any ForeignTable {
    #if SQLite
      return try DatabaseTable(path, table: name)
    #else
      throw MovingError(.format, "This build has no SQLite; write the table as CSV, or build with the trait SQLite.")
    #endif
  }

  func keys(at address: String, prefix: String) async throws(MovingError) -> any ForeignKeys {
    #if Redis
      return try await RedisKeys(address, prefix: prefix)
    #else
      throw MovingError(.format, "This build has no Redis; build it with the trait Redis.")
    #endif
  }

  func documents(at address: String) async throws(MovingError) -> any ForeignDocuments {
    #if MongoDB
      return try MongoDocuments(address)
    #else
      throw MovingError(.format, "This build has no MongoDB; use mongoexport, or build with the trait MongoDB.")
    #endif
  }
}
