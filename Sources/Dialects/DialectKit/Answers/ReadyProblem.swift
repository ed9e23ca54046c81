public import HTTPMessages
public import HTTPRouting

/// The 401 of ``HTTPRouting/Problem`` as bytes with a gap for the request's id: a flood of bad tokens must cost next to
/// nothing.
public struct ReadyProblem: Sendable {
  private let before: [UInt8]
  private let after: [UInt8]

  /// The bytes of a problem, which must be a 401: anything else is a misuse and traps.
  public init(_ problem: Problem) {
    precondition(problem.status == .unauthorized, "the head that is written is that of a 401")
    let gap = String(repeating: "#", count: RequestID.madeLength)
    let body = problem.response(requestID: gap).body
    let start = body.indices.first { body[$0...].starts(with: gap.utf8) } ?? body.endIndex
    before = Array(body[..<start])
    after = Array(body[start...].dropFirst(RequestID.madeLength))
  }

  /// Writes the answer, unless the id is the caller's own: that one may need escapes.
  ///
  /// `false` means that nothing is written.
  public func write(
    for request: borrowing HTTPRequestView, _ requestID: borrowing RequestID, into response: inout HTTPResponseBuffer
  ) -> Bool {
    guard requestID.isMade else { return false }
    response.begin(
      "HTTP/1.1 401 Unauthorized\r\n", contentLength: before.count + RequestID.madeLength + after.count)
    response.addField("Content-Type: application/problem+json\r\nWWW-Authenticate: Bearer\r\n")
    requestID.write(of: request, into: &response)
    response.beginBody()
    response.appendBody(before)
    unsafe requestID.withMadeText { text in unsafe response.appendBody(text) }
    response.appendBody(after)
    return true
  }
}
