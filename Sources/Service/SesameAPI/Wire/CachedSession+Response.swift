import HTTPMessages
import SessionCore

extension CachedSession {
  /// Appends the text of the session to a body, with the two moving times as they are now.
  ///
  /// If it `isContinued`, a comma stands in place of the closing brace, and another member must follow.
  func append(
    _ rendering: SessionRendering, requestTime: Timestamp, deadline: Timestamp, isContinued: Bool = false,
    to response: inout HTTPResponseBuffer
  ) {
    response.appendBody { body in
      rendering.append(session, requestTime: requestTime, deadline: deadline, isContinued: isContinued, to: &body)
    }
  }
}
