public import HTTPMessages

/// Why the server itself refused a request, or cut a connection.
///
/// The raw value is the answer's `code`.
///
/// The order is that of the engine's constants.
@nonexhaustive
public enum HTTPRefusal: String, Sendable, CaseIterable {
  /// The first line is not method, target and version.
  case requestLine = "bad_request_line"
  /// A CR or LF stands alone.
  case lineEnding = "bad_line_ending"
  /// A version that is neither HTTP/1.0 nor HTTP/1.1.
  case version = "version_not_supported"
  /// CONNECT.
  case method = "method_not_implemented"
  /// A target with forbidden bytes or of a form that doesn't go with the method.
  case target = "bad_target"
  /// A request line beyond ``HTTPLimits/requestLine``.
  case targetTooLong = "target_too_long"
  /// A header field that is not name, colon and value.
  case field = "bad_field"
  /// A header field that goes on in a second line.
  case fieldFolded = "folded_field"
  /// Header fields beyond ``HTTPLimits/fieldsSize`` or ``HTTPLimits/fieldCount``.
  case fieldsTooLarge = "fields_too_large"
  /// No Host in HTTP/1.1.
  case hostMissing = "host_missing"
  /// More than one Host.
  case hostRepeated = "host_repeated"
  /// A Host that is not a name or address with or without a port.
  case hostMalformed = "bad_host"
  /// A target whose authority is not the Host.
  case hostDiffers = "host_differs"
  /// A Content-Length that is not a number.
  case contentLength = "bad_content_length"
  /// More than one Content-Length.
  case contentLengthRepeated = "content_length_repeated"
  /// Content-Length together with Transfer-Encoding.
  case twoFramings = "two_framings"
  /// A Transfer-Encoding other than "chunked", or in HTTP/1.0.
  case transferEncoding = "bad_transfer_encoding"
  /// A chunk whose size or end is wrong.
  case chunk = "bad_chunk"
  /// A chunk with an extension.
  case chunkExtension = "chunk_extension"
  /// A trailer that is malformed, too long, or holds a field that must not be there.
  case trailer = "bad_trailer"
  /// A body beyond ``HTTPLimits/bodySize``.
  case bodyTooLarge = "body_too_large"
  /// An Expect other than "100-continue".
  case expectation = "expectation_failed"
  /// A head that took longer than ``HTTPLimits/headTime``.
  case headTimeout = "head_timeout"
  /// A body that took longer than ``HTTPLimits/bodyTime``.
  case bodyTimeout = "body_timeout"
  /// A client that ended its side in the middle of a request.
  case incomplete = "incomplete_request"
  /// A connection that broke in the middle of a request or its answer; not answered.
  case hangUp = "hang_up"
  /// A TLS handshake that failed or took longer than ``HTTPLimits/headTime``; not answered.
  case handshake = "tls_handshake"
  /// An answer that was not taken within ``HTTPLimits/writeTime``; not answered.
  case writeTimeout = "write_timeout"

  /// The status of the answer.
  public var status: HTTPStatus {
    switch self {
    case .version: HTTPStatus(505)
    case .method: HTTPStatus(501)
    case .targetTooLong: HTTPStatus(414)
    case .fieldsTooLarge: HTTPStatus(431)
    case .bodyTooLarge: .contentTooLarge
    case .expectation: HTTPStatus(417)
    case .headTimeout, .bodyTimeout: HTTPStatus(408)
    default: .badRequest
    }
  }

  /// A sentence for the client.
  public var detail: String {
    switch self {
    case .requestLine: "The request line is not a method, a target and a version with one space between them."
    case .lineEnding: "A line must end in CR LF, and neither may stand alone."
    case .version: "This server speaks HTTP/1.1 and HTTP/1.0."
    case .method: "CONNECT is not implemented."
    case .target: "The request target must be a path in visible ASCII characters, beginning with a slash."
    case .targetTooLong: "The request line is longer than this server accepts."
    case .field: "A header field is not a name, directly followed by a colon, and a value without control characters."
    case .fieldFolded: "A header field must not go on in a second line."
    case .fieldsTooLarge: "The header fields are more or larger than this server accepts."
    case .hostMissing: "The Host field is missing."
    case .hostRepeated: "There must be only one Host field."
    case .hostMalformed: "The Host field must be one host name or address, with or without a port."
    case .hostDiffers: "The host of the request target is not the one of the Host field."
    case .contentLength: "The Content-Length field must be one number in digits."
    case .contentLengthRepeated: "There must be only one Content-Length."
    case .twoFramings: "Content-Length and Transfer-Encoding must not stand together."
    case .transferEncoding: "The only Transfer-Encoding is one \"chunked\", and only in HTTP/1.1."
    case .chunk: "A chunk of the body has a bad size or a bad end."
    case .chunkExtension: "Chunk extensions are not accepted."
    case .trailer: "The trailer is malformed, too long, or holds a field that must not be in a trailer."
    case .bodyTooLarge: "The body is larger than this server accepts."
    case .expectation: "The only expectation that can be met is 100-continue."
    case .headTimeout: "The head of the request did not arrive in time."
    case .bodyTimeout: "The body of the request did not arrive in time."
    case .incomplete: "The connection ended in the middle of the request."
    case .hangUp: "The connection broke."
    case .handshake: "The TLS handshake failed."
    case .writeTimeout: "The answer was not taken in time."
    }
  }

  /// The answer: an RFC 9457 problem.
  ///
  /// Its texts are ours and need no escaping but that of one quotation.
  func response(requestID: String?) -> HTTPResponse {
    let detail = detail.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
    let body = """
      {"type":"about:blank","title":"\(status.reason)","status":\(status.code),\
      "detail":"\(detail)","code":"\(rawValue)"\(requestID.map { ",\"request_id\":\"\($0)\"" } ?? "")}
      """
    let fields = [HTTPField("Content-Type", "application/problem+json")]
    return HTTPResponse(
      status: status, fields: fields + (requestID.map { [HTTPField("X-Request-Id", $0)] } ?? []), body: Array(body.utf8)
    )
  }
}
