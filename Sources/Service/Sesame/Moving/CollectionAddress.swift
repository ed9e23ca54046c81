import Moving

/// The address of a MongoDB with a collection: `mongodb://hosts/database.collection?options`.
struct CollectionAddress: Sendable, Equatable {
  /// The address as the server's library reads it, without the collection.
  let server: String
  /// The database.
  let database: String
  /// The collection; `sessions` where the address names none.
  let collection: String

  /// Reads an address; refuses one without a database.
  init(_ text: String) throws(MovingError) {
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let place = parts[0]
    // Behind the hosts: a password has no slash that is not escaped.
    guard let scheme = text.firstIndex(of: ":"), let slash = place.lastIndex(of: "/"),
      text.distance(from: scheme, to: slash) > 2
    else { throw Self.unreadable }
    let names = place[slash...].dropFirst().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let database = names.first, !database.isEmpty, names.last?.isEmpty == false else { throw Self.unreadable }
    self.database = String(database)
    collection = names.count == 2 ? String(names[1]) : "sessions"
    server = "\(place[...slash])\(database)\(parts.count == 2 ? "?\(parts[1])" : "")"
  }

  private static var unreadable: MovingError {
    MovingError(.format, "Name the collection so: mongodb://host:27017/database.collection.")
  }
}
