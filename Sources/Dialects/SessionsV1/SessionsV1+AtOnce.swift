import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SessionsV1 {
  /// Shows a live session that is in the cache, to a caller who is trusted beyond doubt.
  func getSessionAtOnce(
    _ request: borrowing HTTPRequestView, _ requestID: borrowing RequestID, _ response: inout HTTPResponseBuffer
  ) -> Bool {
    let body = unsafe request.body
    guard FastBody.isJSON(request), let text = unsafe FastBody.onlyText("session_id", in: body),
      let id = unsafe SessionID(String(decoding: body[text], as: UTF8.self)),
      gate.admitsAtOnce(request, scope: ServiceScope.sessionsRead.rawValue)
    else { return false }
    let found = sessions.sessionAtOnce(id, now: sessions.clock.now(), touching: false)
    guard case .active(let entry, let deadline) = found else { return false }
    var session = entry.session
    // The deadline tells the latest request time, unless the lifetime cuts it short.
    guard deadline < session.openTime + session.lifetime else { return false }
    session.requestTime = deadline - session.idleTimeout
    var json = JSONWriter(capacity: 512 + (session.user?.bytes.count ?? 0) + (session.data?.bytes.count ?? 0))
    SessionV1.write(session, into: &json)
    response.begin("HTTP/1.1 200 OK\r\n", contentLength: json.bytes.count)
    response.addField("Content-Type: application/json\r\n")
    requestID.write(of: request, into: &response)
    response.beginBody()
    response.appendBody(json.bytes)
    return true
  }
}
