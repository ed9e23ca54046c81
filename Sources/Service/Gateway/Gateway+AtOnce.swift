import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import SessionCore

extension Gateway {
  /// The answer to a request whose session and account are in the cache; refuses a bad token, too.
  func answerAtOnce(
    _ request: borrowing HTTPRequestView, _ requestID: borrowing RequestID, _ response: inout HTTPResponseBuffer
  ) -> Bool {
    let required: AccountLevel?
    switch unsafe LevelQuery(of: request.target) {
    case .absent: required = nil
    case .level(let level): required = level
    case .unclear: return false
    }
    let (count, index) = request.find("authorization")
    switch count {
    case 0:
      guard let (field, place) = cookies.place(in: request) else { return false }
      return unsafe answerAtOnce(
        UnsafeRawBufferPointer(rebasing: request.fieldValue(field)[place]), required, request, requestID, &response)
    case 1:
      let value = unsafe request.fieldValue(index)
      guard let start = unsafe BearerToken.start(in: value) else { return false }
      return unsafe answerAtOnce(
        UnsafeRawBufferPointer(rebasing: value[start...]), required, request, requestID, &response)
    default: return false
    }
  }

  private func answerAtOnce(
    _ token: UnsafeRawBufferPointer, _ required: AccountLevel?, _ request: borrowing HTTPRequestView,
    _ requestID: borrowing RequestID, _ response: inout HTTPResponseBuffer
  ) -> Bool {
    switch unsafe sessions.verifyAtOnce(token, now: sessions.clock.now()) {
    case .miss: return false
    case .refused:
      // It may be a signed token, whose signature takes its time; one of our opaque ones is none.
      guard unsafe signedTokens == nil || token.starts(with: "sst_".utf8) else { return false }
      return unauthorized.write(for: request, requestID, into: &response)
    case .active(let entry, _):
      guard let standing = standingAtOnce(of: entry.session.userID) else { return false }
      if standing == .inactive { return unauthorized.write(for: request, requestID, into: &response) }
      guard standing.reaches(required) else { return false }
      return write(entry.session, standing.level, request, requestID, &response)
    }
  }

  private func standingAtOnce(of userID: ExactText) -> Standing? {
    switch accounts?.accountAtOnce(ofUser: userID) ?? .none {
    case .account(let account): Standing(account)
    case .none: Standing(nil)
    case .miss: nil
    }
  }

  /// Writes 200, unless the user id needs encoding.
  private func write(
    _ session: Session, _ level: AccountLevel?, _ request: borrowing HTTPRequestView,
    _ requestID: borrowing RequestID, _ response: inout HTTPResponseBuffer
  ) -> Bool {
    let userID = session.userID.string.utf8
    guard userID.allSatisfy(HeaderText.isPlain) else { return false }
    response.begin("HTTP/1.1 200 OK\r\n", contentLength: 0)
    requestID.write(of: request, into: &response)
    response.addField("X-Sesame-User: ")
    response.appendHead(Array(userID))
    response.addField("\r\nX-Sesame-Session: ")
    response.appendHead(session.id.text)
    if let level {
      response.addField("\r\nX-Sesame-Level: ")
      response.addField(Self.letter(of: level))
    }
    response.addField("\r\n")
    response.beginBody()
    return true
  }

  private static func letter(of level: AccountLevel) -> StaticString {
    switch level {
    case .guest: "I"
    case .user: "U"
    case .collaborator: "C"
    case .technician: "T"
    case .administrator: "A"
    }
  }
}
