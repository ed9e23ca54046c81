internal import RedisDriver
internal import SessionCore

/// How keys are named, and which partition a session or a user belongs to.
///
/// All keys of a partition begin with its hash tag, so that a script may use them together. One server has one
/// partition; a Cluster has many, and a place of its own for the event log.
struct RedisLayout: Sendable {
  /// What all keys begin with.
  let namespace: String
  /// How many partitions there are, 1 or more.
  let partitions: Int
  /// The hash tags of the partitions.
  let tags: [RedisArgument]

  /// Whether scripts see all keys there are.
  let isSingle: Bool

  init(namespace: String, isCluster: Bool, partitions: Int) {
    self.namespace = namespace
    isSingle = !isCluster
    self.partitions = isCluster ? min(max(1, partitions), 1024) : 1
    tags = isCluster ? (0..<self.partitions).map { "{\(namespace):p\($0)}" } : ["{\(namespace)}"]
  }

  /// Whether keys can begin with a namespace: braces would make hash tags of their own.
  static func isNamespace(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x2E, 0x3A: true
        default: false
        }
      }
  }

  /// The hash tag of what the whole store has once, such as its version.
  var root: RedisArgument { "{\(namespace)}" }

  /// The hash tag of the event log.
  var log: RedisArgument { isSingle ? tags[0] : "{\(namespace):log}" }

  /// The hash tag of what logging in must remember.
  var logins: RedisArgument { isSingle ? tags[0] : "{\(namespace):logins}" }

  /// The partition of accounts and service keys.
  var directory: Int { 0 }

  /// The partition of a session, which is its lane as well.
  func partition(of id: SessionID) -> Int { id.lane(of: partitions) }

  /// The partition that has the index of a user's sessions.
  func partition(of user: ExactText) -> Int {
    // FNV-1a: an even spread that is the same in every version, on every machine.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in user.string.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(hash % UInt64(partitions))
  }

  /// A key of a partition.
  func key(_ name: String, in partition: Int) -> RedisArgument {
    RedisArgument(tags[partition].bytes + Array(":\(name)".utf8))
  }

  private static let sessionMark = Array(":session:".utf8)

  /// The key of a session.
  func key(of id: SessionID) -> RedisArgument {
    let tag = tags[partition(of: id)].bytes
    var key: [UInt8] = []
    key.reserveCapacity(tag.count + Self.sessionMark.count + SessionID.textLength)
    key.append(contentsOf: tag)
    key.append(contentsOf: Self.sessionMark)
    key.append(contentsOf: id.text)
    return RedisArgument(key)
  }

  /// The channels of the partitions' notes, in their order.
  var channels: [String] { tags.map { String(decoding: $0.bytes, as: UTF8.self) + ":notes" } }
}
