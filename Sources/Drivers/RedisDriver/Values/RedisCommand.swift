/// What a server is asked, and by which key the server is found.
///
/// A command may have one key, or several of the same hash slot.
public struct RedisCommand: Sendable {
  /// By what the server of a Cluster is found; one server gets everything.
  public enum Route: Sendable, Equatable {
    /// The primary that has the slot of this key.
    case key(RedisArgument)
    /// The primary that has this slot, 0 up to 16,383.
    case slot(Int)
    /// Any primary.
    case any
  }

  /// The command in the protocol's bytes, or for a script what follows its digest.
  let encoded: [UInt8]
  /// How many words `encoded` has.
  let words: Int
  let slot: Int?
  let script: RedisScript?

  /// A command without a key, for any primary.
  public init(_ name: String, _ arguments: RedisArgument...) {
    self.init([RedisArgument(name)] + arguments, route: .any)
  }

  /// A command whose first argument is its key.
  public init(_ name: String, key: RedisArgument, _ arguments: RedisArgument...) {
    self.init([RedisArgument(name), key] + arguments, route: .key(key))
  }

  /// A command of any shape.
  public init(_ words: [RedisArgument], route: Route) {
    self.init(words, route: route, script: nil)
  }

  /// A script's run with its keys, all of one hash slot, and its arguments.
  ///
  /// The script is sent to a server when it doesn't know it, and by its digest after that. While its slot moves from
  /// one server to another it waits, and is refused at its deadline: neither of them has all keys.
  public init(_ script: RedisScript, keys: [RedisArgument], _ arguments: [RedisArgument] = []) {
    self.init(
      [RedisArgument(keys.count)] + keys + arguments, route: keys.first.map { .key($0) } ?? .any, script: script)
  }

  /// A script's run without keys on the server of a route.
  public init(_ script: RedisScript, route: Route, _ arguments: [RedisArgument] = []) {
    self.init([RedisArgument(0)] + arguments, route: route, script: script)
  }

  /// A command that is encoded already.
  init(encoded: [UInt8], words: Int, slot: Int?) {
    self.encoded = encoded
    self.words = words
    self.slot = slot
    script = nil
  }

  private init(_ words: [RedisArgument], route: Route, script: RedisScript?) {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(words.reduce(16) { $0 + $1.bytes.count + 16 })
    if script == nil { encoded.appendHeader("*", words.count) }
    for word in words { encoded.appendWord(word.bytes) }
    self.encoded = encoded
    self.words = words.count
    self.script = script
    switch route {
    case .key(let key): slot = HashSlot.of(key.bytes)
    case .slot(let number):
      precondition((0..<HashSlot.count).contains(number), "A Cluster has 16,384 slots.")
      slot = number
    case .any: slot = nil
    }
  }

  /// Appends what goes over the wire; a script's digest must be known by now.
  func append(to output: inout [UInt8], digest: [UInt8]?) {
    if let digest {
      output.appendHeader("*", words + 2)
      output.appendWord("EVALSHA")
      output.appendWord(digest)
    }
    output.append(contentsOf: encoded)
  }
}

extension [UInt8] {
  /// Appends a command (https://redis.io/docs/latest/develop/reference/protocol-spec/, "Sending commands").
  mutating func appendCommand(_ words: [RedisArgument]) {
    appendHeader("*", words.count)
    for word in words { appendWord(word.bytes) }
  }

  mutating func appendHeader(_ type: Unicode.Scalar, _ count: Int) {
    append(UInt8(ascii: type))
    append(contentsOf: String(count).utf8)
    append(contentsOf: [0x0D, 0x0A])
  }

  mutating func appendWord(_ bytes: some Collection<UInt8>) {
    appendHeader("$", bytes.count)
    append(contentsOf: bytes)
    append(contentsOf: [0x0D, 0x0A])
  }

  mutating func appendWord(_ text: String) { appendWord(text.utf8) }
}
