/// What a test's client met instead of what it waited for.
public enum RawHTTPClientError: Error, Equatable {
  /// A call of the system failed with that error number.
  case system(call: String, number: Int32)
  /// Nothing came within the receive timeout.
  case timedOut
  /// The server closed its side, after those bytes of an unfinished response.
  case closed(after: [UInt8])
  /// The response is not one that RFC 9112 allows; the text says why.
  case malformed(String)
}
