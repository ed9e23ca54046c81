/// What reads the databases of other programs; handed in, for reading them takes drivers.
public protocol ForeignDrivers: Sendable {
  /// The rows of a table of a SQLite database: the one of that name, or the only one whose name ends so.
  func rows(ofTable name: String, in path: String) throws(MovingError) -> any ForeignTable

  /// The keys of a Redis that begin with a prefix.
  func keys(at address: String, prefix: String) async throws(MovingError) -> any ForeignKeys

  /// The documents of a collection of a MongoDB; `mongodb://host/database.collection`.
  func documents(at address: String) async throws(MovingError) -> any ForeignDocuments
}

/// The rows of a table, one after another.
public protocol ForeignTable {
  /// The next row as a JSON object; `nil` at the end.
  func next() throws(MovingError) -> [UInt8]?

  /// How much has been read, from 0 to 1.
  var part: Double { get }
}

/// The documents of a collection, some at once.
public protocol ForeignDocuments {
  /// Some more; `nil` at the end, when what was open is closed.
  mutating func next() async throws(MovingError) -> [ForeignDocument]?
}

/// One document.
public enum ForeignDocument: Sendable {
  /// It as JSON, with dates and ids as MongoDB's own export writes them.
  case json([UInt8])
  /// It can't be written as JSON, and why.
  case bad(String)
}

/// The keys of a store of keys and values, some at once; a key may come twice.
public protocol ForeignKeys {
  /// Some more; `nil` at the end, when what was open is closed.
  mutating func next() async throws(MovingError) -> [ForeignKey]?
}

/// One key with its value.
public struct ForeignKey: Sendable {
  /// Its name, behind the prefix.
  public var name: [UInt8]
  /// Its value.
  public var value: [UInt8]
  /// For how many milliseconds it is kept; `nil` for ever.
  public var millisecondsLeft: Int64?

  /// A key from its parts.
  public init(name: [UInt8], value: [UInt8], millisecondsLeft: Int64?) {
    self.name = name
    self.value = value
    self.millisecondsLeft = millisecondsLeft
  }
}
