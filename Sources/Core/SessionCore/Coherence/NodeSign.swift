/// What a node says of itself to all that share its store, every two seconds.
///
/// It is for eyes alone: nothing is decided by it. Each text is made of 1 to ``textLimit`` visible characters of ASCII;
/// what is not is replaced by "?" when the sign is made.
public struct NodeSign: Sendable, Equatable {
  /// How long a text may be, in characters.
  public static let textLimit = 96
  /// How many tasks are named at most.
  public static let taskLimit = 8

  /// A name that no other node has, nor this one's own former life.
  public let id: String
  /// The name of its machine.
  public let host: String
  /// Where it can be reached, such as "http://10.0.0.3:8080".
  public let address: String
  /// Its program's version.
  public let version: String
  /// Since when it runs, by its own clock.
  public let started: Timestamp
  /// How many paths of notes there are.
  public let lanes: Int
  /// On how many of them it trusts its cache.
  public let held: Int
  /// How long its last heartbeat took to come back, in microseconds; `nil` before the first has.
  public let lag: Int64?
  /// Which work it does for all, by name.
  public let tasks: [String]
  /// Whether this is its last sign: it is stopping.
  public let isLast: Bool

  /// A sign of life.
  public init(
    id: String, host: String, address: String, version: String, started: Timestamp, lanes: Int, held: Int,
    lag: Int64?, tasks: [String], isLast: Bool = false
  ) {
    self.id = Self.visible(id)
    self.host = Self.visible(host)
    self.address = Self.visible(address)
    self.version = Self.visible(version)
    self.started = started
    self.lanes = max(0, lanes)
    self.held = min(max(0, held), self.lanes)
    self.lag = lag.map { max(0, $0) }
    self.tasks = tasks.prefix(Self.taskLimit).map { Self.visible($0.replacingCommas) }
    self.isLast = isLast
  }

  /// The same, as the node's last.
  public var last: NodeSign {
    NodeSign(
      id: id, host: host, address: address, version: version, started: started, lanes: lanes, held: 0, lag: lag,
      tasks: [], isLast: true)
  }

  /// The text as a sign may carry it.
  private static func visible(_ text: String) -> String {
    let bytes = text.utf8.prefix(textLimit).map { isVisible($0) ? $0 : UInt8(ascii: "?") }
    return bytes.isEmpty ? "?" : String(decoding: bytes, as: UTF8.self)
  }

  private static func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }
}

extension NodeSign {
  /// The sign as words with one space between, in the order of the members: "-" for no lag and no task, and "last" or
  /// "on" at the end.
  var text: String {
    let words = [
      id, host, address, version, "\(started.milliseconds)", "\(lanes)", "\(held)", lag.map { "\($0)" } ?? "-",
      tasks.isEmpty ? "-" : tasks.joined(separator: ","), isLast ? "last" : "on",
    ]
    return words.joined(separator: " ")
  }

  /// Reads ``text``; `nil` for anything else, and for what no node would say.
  ///
  /// Words that follow are left alone: a newer node may have more to say.
  init?(words: [String]) {
    guard words.count >= 10, let time = Int64(words[4]), let lanes = Int(words[5]), let held = Int(words[6]),
      words[0..<4].allSatisfy({ Self.visible($0) == $0 }), words[9] == "on" || words[9] == "last"
    else { return nil }
    let lag = words[7] == "-" ? nil : Int64(words[7])
    let tasks = words[8] == "-" ? [] : words[8].utf8.split(separator: 0x2C).map { String(Substring($0)) }
    self.init(
      id: words[0], host: words[1], address: words[2], version: words[3], started: Timestamp(milliseconds: time),
      lanes: lanes, held: held, lag: lag, tasks: tasks, isLast: words[9] == "last")
    // One text for each sign: what a number's reader lets through besides, or what is out of bounds, is none.
    guard text == words[0..<10].joined(separator: " ") else { return nil }
  }
}

extension String {
  fileprivate var replacingCommas: String {
    String(decoding: utf8.map { $0 == 0x2C ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }
}
