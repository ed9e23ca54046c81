/// A response status (RFC 9110 section 15).
public struct HTTPStatus: Hashable, Sendable {
  /// The three-digit code.
  public let code: Int

  /// A status by its code, 100 to 599; anything else is a misuse and traps.
  public init(_ code: Int) {
    precondition((100...599).contains(code), "a status code has three digits, 100 to 599")
    self.code = code
  }

  /// The reason phrase of the registry, empty for a code that has none.
  public var reason: String {
    switch code {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 303: "See Other"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 411: "Length Required"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 417: "Expectation Failed"
    case 421: "Misdirected Request"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    case 507: "Insufficient Storage"
    default: ""
    }
  }

  /// Status 200.
  public static let ok = HTTPStatus(200)
  /// Status 201.
  public static let created = HTTPStatus(201)
  /// Status 204.
  public static let noContent = HTTPStatus(204)
  /// Status 400.
  public static let badRequest = HTTPStatus(400)
  /// Status 401.
  public static let unauthorized = HTTPStatus(401)
  /// Status 403.
  public static let forbidden = HTTPStatus(403)
  /// Status 404.
  public static let notFound = HTTPStatus(404)
  /// Status 405.
  public static let methodNotAllowed = HTTPStatus(405)
  /// Status 409.
  public static let conflict = HTTPStatus(409)
  /// Status 412.
  public static let preconditionFailed = HTTPStatus(412)
  /// Status 413.
  public static let contentTooLarge = HTTPStatus(413)
  /// Status 415.
  public static let unsupportedMediaType = HTTPStatus(415)
  /// Status 500.
  public static let internalServerError = HTTPStatus(500)
  /// Status 503.
  public static let serviceUnavailable = HTTPStatus(503)
  /// Status 507.
  public static let insufficientStorage = HTTPStatus(507)
}
