internal import Accounts
internal import MongoDriver
internal import SessionCore

/// A service key as a document, whose `_id` is its number.
enum ServiceKeyDocument {
  /// The collection.
  static let collection = "service_keys"
  /// Leaves out the digest, which is searched for and never shown.
  static let withoutDigest: BSONValue = ["digest": 0]

  static func write(_ key: ServiceKey, digest: [UInt8]) -> BSONDocument {
    var document: BSONDocument = ["_id": .int64(key.id), "name": .string(key.name.string)]
    let scopes = ServiceScope.allCases.filter { key.scopes.contains($0) }
    document.append("scopes", .array(scopes.map { .string($0.rawValue) }))
    document.append("created", .date(key.created.milliseconds))
    document.append("expires", ifPresent: (key.expires?.milliseconds).map(BSONValue.date))
    document.append("last_used", ifPresent: (key.lastUsed?.milliseconds).map(BSONValue.date))
    document.append("digest", .binary(digest))
    return document
  }

  static func read(_ document: BSONDocument) throws(StoreError) -> ServiceKey {
    var members = document.members
    guard let id = members["_id"]?.int, let name = members["name"]?.text, let texts = members["scopes"]?.array,
      let created = members["created"]?.date
    else { throw damaged }
    var scopes: Set<ServiceScope> = []
    for text in texts {
      guard let scope = text.text.flatMap(ServiceScope.init(rawValue:)) else { throw damaged }
      scopes.insert(scope)
    }
    return ServiceKey(
      id: id, name: ExactText(name), scopes: scopes, created: Timestamp(milliseconds: created),
      expires: try time("expires", &members), lastUsed: try time("last_used", &members))
  }

  /// What a document that no version of this store has written is answered with.
  static var damaged: StoreError { StoreError(.corrupt, "The session store holds a service key that can't be read.") }

  private static func time(_ name: String, _ members: inout BSONMembers) throws(StoreError) -> Timestamp? {
    guard let value = members[name] else { return nil }
    guard let time = value.date else { throw damaged }
    return Timestamp(milliseconds: time)
  }
}
