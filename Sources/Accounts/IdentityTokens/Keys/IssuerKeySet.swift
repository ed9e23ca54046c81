import JSON

/// The keys that an issuer publishes, as one document (RFC 7517 section 5).
struct IssuerKeySet: Sendable {
  let keys: [IssuerKey]

  /// The longest document, and the most keys in it, used or not.
  static let maximumLength = 256 * 1024
  static let maximumCount = 100

  /// Reads a document, or `nil` if it is none, goes beyond the limits, or holds no key of use.
  ///
  /// Keys of kinds that are not known here are left out, as the RFC asks; so are bad ones, that one of them may not
  /// stop the others.
  init?(_ document: [UInt8]) {
    guard let root = JSONDocument.fetched(document, maximumLength: Self.maximumLength), let list = root["keys"],
      list.kind == .array, list.count <= Self.maximumCount
    else { return nil }
    keys = list.elements.compactMap { IssuerKey($0) }
    if keys.isEmpty { return nil }
  }

  /// What looking for a token's key comes to.
  enum Finding {
    case key(IssuerKey)
    /// The `kid` is none of these; a newer document may have it.
    case unknown
    /// The `kid` is there, but not for that algorithm.
    case mismatch
  }

  /// The one key of that `kid` that fits the algorithm; without a `kid`, the one key that fits at all.
  func key(for header: TokenHeader) -> Finding {
    guard let id = header.keyID else {
      let fitting = keys.filter { $0.fits(header.algorithm) }
      return fitting.count == 1 ? .key(fitting[0]) : .unknown
    }
    let named = keys.filter { $0.id.map { $0.utf8.elementsEqual(id.utf8) } ?? false }
    let fitting = named.filter { $0.fits(header.algorithm) }
    if fitting.count == 1 { return .key(fitting[0]) }
    return named.isEmpty ? .unknown : .mismatch
  }
}

extension JSONDocument {
  /// The object that a fetched document is, or `nil`.
  static func fetched(_ document: [UInt8], maximumLength: Int) -> JSONValue? {
    let limits = JSONLimits(maximumBytes: maximumLength)
    guard let root = try? JSONDocument(parsing: document, limits: limits).root, root.kind == .object else { return nil }
    return root
  }
}
