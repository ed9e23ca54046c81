import Glibc

/// Where sessions are kept, as `--store` says it.
enum StoreAddress: Sendable, Equatable {
  /// In a file.
  case sqlite(path: String)
  /// In this process, until it ends.
  case memory

  /// Why an address is none.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Reads "sqlite" (a file in the data folder), "sqlite:///path" or "memory".
  init(_ text: String, data: String) throws(Failure) {
    if text == "memory" {
      self = .memory
    } else if text == "sqlite" {
      self = .sqlite(path: data + "/sesame.db")
    } else if text.hasPrefix("sqlite:///"), text.utf8.count > "sqlite:///".utf8.count {
      self = .sqlite(path: String(text.dropFirst("sqlite://".count)))
    } else {
      let scheme = text.split(separator: ":").first.map(String.init) ?? ""
      throw Failure(
        description:
          "The store \"\(scheme)\" is not one that this build knows: it has sqlite, sqlite:///file and memory.")
    }
  }

  /// Whether it was made before.
  var isThere: Bool {
    switch self {
    case .memory: false
    case .sqlite(let path): unsafe access(path, F_OK) == 0
    }
  }
}
