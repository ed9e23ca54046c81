/// A command that is asked again and again with another key: what stands around the key is encoded once.
public struct RedisQuestion: Sendable {
  private let head: [UInt8]
  private let tail: [UInt8]
  private let words: Int

  /// A command whose first argument will be its key.
  public init(_ name: String, _ arguments: [RedisArgument]) {
    words = arguments.count + 2
    var head: [UInt8] = []
    head.appendHeader("*", words)
    head.appendWord(name)
    self.head = head
    var tail: [UInt8] = []
    for argument in arguments { tail.appendWord(argument.bytes) }
    self.tail = tail
  }

  /// The command with a key.
  public func command(for key: [UInt8]) -> RedisCommand {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(head.count + key.count + tail.count + 16)
    encoded.append(contentsOf: head)
    encoded.appendWord(key)
    encoded.append(contentsOf: tail)
    return RedisCommand(encoded: encoded, words: words, slot: HashSlot.of(key))
  }
}
