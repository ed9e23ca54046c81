import CRequestParsing
import DialectKit
import HTTPMessages
import HTTPTesting

extension FuzzTarget {
  /// However the bytes come in, they are the same requests.
  func readRequests(_ bytes: [UInt8]) {
    let step = max(1, bytes.reduce(0) { $0 &* 31 &+ Int($1) } & 63)
    let agrees = unsafe bytes.withUnsafeBufferPointer { unsafe request_parsing_agrees($0.baseAddress, $0.count, step) }
    precondition(agrees, "requests depend on the pieces in which they come")
  }

  /// The fast path and the slow one take the same session from the same cookies.
  func readCookies(_ bytes: [UInt8]) {
    let policy = CookiePolicy(name: "sid", isSecure: false)
    let fields = bytes.split(separator: 0x0A, maxSplits: 4, omittingEmptySubsequences: false)
      .map { HTTPField(name: Array("Cookie".utf8), value: Array($0)) }
    let request = HTTPRequest(method: .get, target: "/", fields: fields)
    let slow = policy.value(in: request)
    let fast = request.withView { view -> [UInt8]? in
      guard let place = policy.place(in: view) else { return nil }
      return Array(fields[place.field].value[place.value])
    }
    precondition(fast == nil || fast == slow, "two readings of the same cookies")
    _ = Credential(of: request, cookies: policy)
    _ = unsafe bytes.withUnsafeBytes { unsafe BearerToken.start(in: $0) }
  }
}
