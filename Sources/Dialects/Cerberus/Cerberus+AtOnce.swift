import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension Cerberus {
  /// Finds the user of a token whose session and account are both in the cache, for a caller who is trusted beyond
  /// doubt.
  func getAtOnce(
    _ request: borrowing HTTPRequestView, _ requestID: borrowing RequestID, _ response: inout HTTPResponseBuffer
  ) -> Bool {
    let body = unsafe request.body
    guard FastBody.isJSON(request), let text = unsafe FastBody.onlyText("token", in: body),
      gate.admitsAtOnce(request, scope: ServiceScope.sessionsRead.rawValue)
    else { return false }
    let token = unsafe UnsafeRawBufferPointer(rebasing: body[text])
    let core = sessions.core
    guard case .active(let entry, _) = unsafe core.verifyAtOnce(token, now: core.clock.now()) else { return false }
    let account: Account?
    switch sessions.accounts.accountAtOnce(ofUser: entry.session.userID) {
    case .account(let known) where known.profile.isActive: account = known
    case .none: account = nil
    default: return false
    }
    var json = JSONWriter(capacity: 512)
    CerberusReply.found(CerberusUser(account, of: entry.session), isUpdated: false).write(into: &json)
    response.begin("HTTP/1.1 200 OK\r\n", contentLength: json.bytes.count)
    response.addField("Content-Type: application/json\r\n")
    requestID.write(of: request, into: &response)
    response.beginBody()
    response.appendBody(json.bytes)
    return true
  }
}
