import Glibc

/// Where sessions are kept, as `--store` says it.
enum StoreAddress: Sendable, Equatable {
  /// In a file.
  case sqlite(path: String)
  /// In this process, until it ends.
  case memory
  /// In PostgreSQL, at that address.
  case postgreSQL(String)
  /// In Redis or Valkey, one server or a Cluster, at that address.
  case redis(String)
  /// In MongoDB, at that address.
  case mongoDB(String)

  /// Why an address is none.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Reads "sqlite" (a file in the data folder), "sqlite:///path", "memory", or the address of a shared store.
  ///
  /// What stands behind the scheme of a shared store is for the store to judge.
  init(_ text: String, data: String) throws(Failure) {
    switch text.split(separator: ":", maxSplits: 1).first.map(String.init) ?? "" {
    case "memory" where text == "memory": self = .memory
    case "sqlite" where text == "sqlite": self = .sqlite(path: data + "/sesame.db")
    case "sqlite" where text.hasPrefix("sqlite:///") && text.utf8.count > "sqlite:///".utf8.count:
      self = .sqlite(path: String(text.dropFirst("sqlite://".count)))
    case "postgres" where text.hasPrefix("postgres://"), "postgresql" where text.hasPrefix("postgresql://"):
      self = .postgreSQL(text)
    case "redis" where text.hasPrefix("redis://"), "rediss" where text.hasPrefix("rediss://"),
      "redis+cluster" where text.hasPrefix("redis+cluster://"):
      self = .redis(text)
    case "mongodb" where text.hasPrefix("mongodb://"), "mongodb+srv" where text.hasPrefix("mongodb+srv://"):
      self = .mongoDB(text)
    case let scheme:
      throw Failure(
        description: """
          The store "\(scheme)" is none; there are sqlite, sqlite:///file, memory, postgres://user@host/database, \
          redis://host:port, redis+cluster://host:port,host:port and mongodb://host:port/.
          """)
    }
  }

  /// Whether other nodes may use it at the same time.
  var isShared: Bool {
    switch self {
    case .sqlite, .memory: false
    case .postgreSQL, .redis, .mongoDB: true
    }
  }

  /// Whether it may have been made before; of a shared store only opening it can tell.
  var isThere: Bool {
    switch self {
    case .memory: false
    case .sqlite(let path): unsafe access(path, F_OK) == 0
    case .postgreSQL, .redis, .mongoDB: true
    }
  }

  /// The trait of the package that brings this store.
  var trait: String {
    switch self {
    case .sqlite: "SQLite"
    case .memory: "memory"
    case .postgreSQL: "PostgreSQL"
    case .redis: "Redis"
    case .mongoDB: "MongoDB"
    }
  }

  /// The address for a person's eyes: without user and password, and without what comes behind the hosts.
  var shown: String {
    switch self {
    case .sqlite(let path): return path
    case .memory: return "memory"
    case .postgreSQL(let text), .redis(let text), .mongoDB(let text):
      guard let colon = text.firstIndex(of: ":") else { return "" }
      let rest = text[colon...].dropFirst(3)
      let authority = rest.prefix { $0 != "/" && $0 != "?" }
      // A password may have been written plainly, with what divides an address in it: then nothing is shown of it.
      guard !rest.dropFirst(authority.count).contains("@") else { return "\(text[..<colon])://…" }
      return "\(text[..<colon])://\(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? "")"
    }
  }
}
