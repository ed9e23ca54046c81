import JSON

/// A session as text that can be sent as it is, but for two times that move with each request, and the JSON of callers'
/// own, which is kept once, in the session.
public struct SessionRendering: Sendable, Equatable {
  /// The text of an object without `user`, `data` and the brace at the end.
  public let bytes: [UInt8]
  /// Where the 24 bytes of the request time stand; -1 if nowhere.
  public let requestTimeOffset: Int
  /// Where the 24 bytes of the deadline stand; -1 if nowhere.
  public let deadlineOffset: Int

  /// A rendering from its parts; takes no more memory than the text has bytes.
  public init(bytes: [UInt8], requestTimeOffset: Int, deadlineOffset: Int) {
    var exact: [UInt8] = []
    exact.reserveCapacity(bytes.count)
    exact.append(contentsOf: bytes)
    self.bytes = exact
    self.requestTimeOffset = requestTimeOffset
    self.deadlineOffset = deadlineOffset
  }

  private static let userName = Array(#","user":"#.utf8)
  private static let dataName = Array(#","data":"#.utf8)

  /// The number of bytes of the whole text, if this is the rendering of `session`.
  public func byteCount(of session: Session) -> Int {
    var count = bytes.count + 1
    if let user = session.user { count += Self.userName.count + user.bytes.count }
    if let data = session.data { count += Self.dataName.count + data.bytes.count }
    return count
  }

  /// Appends the whole text, with the two moving times as they are now.
  ///
  /// - Parameters:
  ///   - session: the session whose rendering this is.
  ///   - requestTime: the time of its last request.
  ///   - deadline: when it ends.
  ///   - isContinued: whether a comma stands in place of the brace at the end, and another member must follow.
  ///   - text: what it is appended to.
  public func append(
    _ session: Session, requestTime: Timestamp, deadline: Timestamp, isContinued: Bool = false, to text: inout [UInt8]
  ) {
    let start = text.count
    text.append(contentsOf: bytes)
    if requestTimeOffset >= 0 { requestTime.writeRFC3339(to: &text, at: start + requestTimeOffset) }
    if deadlineOffset >= 0 { deadline.writeRFC3339(to: &text, at: start + deadlineOffset) }
    if let user = session.user {
      text.append(contentsOf: Self.userName)
      text.append(contentsOf: user.bytes)
    }
    if let data = session.data {
      text.append(contentsOf: Self.dataName)
      text.append(contentsOf: data.bytes)
    }
    text.append(isContinued ? 0x2C : 0x7D)
  }
}
