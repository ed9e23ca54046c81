import HTTPMessages
import SessionCore

extension SessionRendering {
  /// Appends the text to a body, with the two moving times as they are now.
  ///
  /// If it `isContinued`, a comma stands in place of the closing brace, and another member must follow.
  func append(
    requestTime: Timestamp, deadline: Timestamp, isContinued: Bool = false, to response: inout HTTPResponseBuffer
  ) {
    response.appendBody(bytes) { sent, start in
      if requestTimeOffset >= 0 { requestTime.writeRFC3339(to: &sent, at: start + requestTimeOffset) }
      if deadlineOffset >= 0 { deadline.writeRFC3339(to: &sent, at: start + deadlineOffset) }
      if isContinued { sent[sent.count - 1] = 0x2C }
    }
  }
}
