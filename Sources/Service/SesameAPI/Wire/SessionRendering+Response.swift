import HTTPMessages
import SessionCore

extension SessionRendering {
  /// Appends the text to a body, with the two moving times as they are now.
  func append(requestTime: Timestamp, deadline: Timestamp, to response: inout HTTPResponseBuffer) {
    response.appendBody(bytes) { sent, start in
      if requestTimeOffset >= 0 { requestTime.writeRFC3339(to: &sent, at: start + requestTimeOffset) }
      if deadlineOffset >= 0 { deadline.writeRFC3339(to: &sent, at: start + deadlineOffset) }
    }
  }
}
