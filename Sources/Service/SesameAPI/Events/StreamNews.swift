/// Something besides the log that those who follow it over HTTP are told of: not what it is, but that it has changed.
public struct StreamNews: Sendable {
  /// What the event is called; a word.
  public let name: String
  /// How often it has changed.
  ///
  /// Whoever changes it wakes the log's feed, or followers hear of it late.
  public let count: @Sendable () -> Int

  /// News of that name.
  public init(_ name: String, count: @escaping @Sendable () -> Int) {
    self.name = name
    self.count = count
  }

  /// The event: without an id, for it is no entry of the log and nobody resumes after it.
  var text: [UInt8] { Array("event: \(name)\ndata: {}\n\n".utf8) }
}
