/// What a server of a Cluster says about who has which slot.
///
/// The answer of `CLUSTER SLOTS` (https://redis.io/docs/latest/commands/cluster-slots/), since every version has it.
struct SlotMap {
  private(set) var ranges: [(slots: ClosedRange<Int>, primary: ServerAddress)] = []
  private(set) var members: [ServerAddress] = []

  /// Reads an answer of the server at `speaker`; what is not understood is left out.
  init(_ reply: RedisReply, told speaker: ServerAddress) {
    var known: Set<ServerAddress> = []
    for row in (reply.asArray ?? []).prefix(HashSlot.count) {
      guard let row = row.asArray, row.count >= 3, let first = row[0].asInteger, let last = row[1].asInteger,
        0 <= first, first <= last, last < HashSlot.count
      else { continue }
      for (index, node) in row.dropFirst(2).enumerated() {
        guard let address = Self.address(node, speaker) else { continue }
        if known.insert(address).inserted, known.count <= 1024 { members.append(address) }
        if index == 0 { ranges.append((Int(first)...Int(last), address)) }
      }
    }
  }

  /// A node's preferred endpoint: null, like an empty one, is the host that was asked; "?" is not known to anybody.
  private static func address(_ node: RedisReply, _ speaker: ServerAddress) -> ServerAddress? {
    guard let node = node.asArray, node.count >= 2, let number = node[1].asInteger,
      let port = UInt16(exactly: number), port > 0
    else { return nil }
    guard let host = node[0].asBytes, !host.isEmpty else { return ServerAddress(host: speaker.host, port: port) }
    return ServerAddress.name(host).map { ServerAddress(host: $0, port: port) }
  }
}
