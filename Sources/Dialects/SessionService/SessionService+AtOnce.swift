import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import SessionCore

extension SessionService {
  private static let valid = Array(#"{"success":true,"message":"true"}"#.utf8)

  /// Verifies the token of a live session that is in the cache, for a caller who is trusted beyond doubt and sends
  /// nothing but the user and the token.
  func verifyAtOnce(
    _ request: borrowing HTTPRequestView, _ requestID: borrowing RequestID, _ response: inout HTTPResponseBuffer
  ) -> Bool {
    let body = unsafe request.body
    guard FastBody.isJSON(request), let (user, token) = unsafe FastBody.texts("user_id", "token", in: body),
      (1...SessionPolicy.userIDLimit).contains(user.count), !token.isEmpty,
      gate.admitsAtOnce(request, scope: ServiceScope.sessionsRead.rawValue),
      unsafe isActive(
        UnsafeRawBufferPointer(rebasing: body[token]), of: UnsafeRawBufferPointer(rebasing: body[user]))
    else { return false }
    response.begin("HTTP/1.1 200 OK\r\n", contentLength: Self.valid.count)
    response.addField("Content-Type: application/json\r\n")
    requestID.write(of: request, into: &response)
    response.beginBody()
    response.appendBody(Self.valid)
    return true
  }

  private func isActive(_ token: UnsafeRawBufferPointer, of user: UnsafeRawBufferPointer) -> Bool {
    let now = sessions.clock.now()
    if case .active(let entry, _) = unsafe sessions.verifyAtOnce(token, now: now) {
      return unsafe entry.session.userID.string.utf8.elementsEqual(user)
    }
    if case .active = unsafe sessions.verifyCarriedAtOnce(token, of: user, now: now) { return true }
    return false
  }
}
