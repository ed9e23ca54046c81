import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import SessionCore

extension SesameAPI {
  private static let csrfStart = Array(#""csrf_token":""#.utf8)
  private static let csrfEnd = Array(#""}"#.utf8)

  /// Shows the session of a token whose session is in the cache, and refuses a bad one.
  func showOwnAtOnce(
    _ request: borrowing HTTPRequestView, _ requestID: borrowing RequestID, _ response: inout HTTPResponseBuffer
  ) -> Bool {
    guard let (token, isByCookie) = unsafe ownToken(in: request) else { return false }
    return unsafe showOwnAtOnce(token, isByCookie: isByCookie, request, requestID, &response)
  }

  /// Begins to read the session of a token into the cache.
  func fetchOwn(_ request: borrowing HTTPRequestView, _ then: @escaping @Sendable () -> Void) -> Bool {
    guard let (token, _) = unsafe ownToken(in: request) else { return false }
    return unsafe sessions.fetch(token, now: sessions.clock.now(), then: then)
  }

  /// The token in a request's own buffers, where it is plain to see which one counts.
  private func ownToken(in request: borrowing HTTPRequestView) -> (token: UnsafeRawBufferPointer, isByCookie: Bool)? {
    let (count, index) = request.find("authorization")
    switch count {
    case 0:
      guard let (field, value) = cookies.place(in: request) else { return nil }
      return unsafe (UnsafeRawBufferPointer(rebasing: request.fieldValue(field)[value]), true)
    case 1:
      let value = unsafe request.fieldValue(index)
      guard let start = unsafe BearerToken.start(in: value) else { return nil }
      return unsafe (UnsafeRawBufferPointer(rebasing: value[start...]), false)
    default: return nil
    }
  }

  private func showOwnAtOnce(
    _ token: UnsafeRawBufferPointer, isByCookie: Bool, _ request: borrowing HTTPRequestView,
    _ requestID: borrowing RequestID, _ response: inout HTTPResponseBuffer
  ) -> Bool {
    let now = sessions.clock.now()
    switch unsafe sessions.verifyAtOnce(token, now: now) {
    case .miss: return false
    case .refused:
      // With a cookie, the answer takes it away too: the slow path's.
      return isByCookie ? false : unauthorized.write(for: request, requestID, into: &response)
    case .active(let entry, let deadline):
      guard let rendering = entry.rendering, isActive(accounts.accountAtOnce(ofUser: entry.session.userID)) else {
        return false
      }
      let requestTime = max(now, entry.session.requestTime)
      guard isByCookie else {
        beginJSON(rendering.byteCount(of: entry.session), request, requestID, &response)
        entry.append(rendering, requestTime: requestTime, deadline: deadline, to: &response)
        return true
      }
      let csrf = sessions.csrfToken(for: entry.session.id)
      let length = rendering.byteCount(of: entry.session) + Self.csrfStart.count + csrf.count + Self.csrfEnd.count
      beginJSON(length, request, requestID, &response)
      entry.append(rendering, requestTime: requestTime, deadline: deadline, isContinued: true, to: &response)
      response.appendBody(Self.csrfStart)
      response.appendBody(csrf)
      response.appendBody(Self.csrfEnd)
      return true
    }
  }

  /// Whether an account is known not to stand in its sessions' way.
  private func isActive(_ account: CachedAccount) -> Bool {
    switch account {
    case .account(let account): account.profile.isActive
    case .none: true
    case .miss: false
    }
  }
}
