import HTTPMessages
import HTTPRouting

/// The name by which a caller follows one request through many services.
enum CorrelationID {
  private static let longest = 256

  /// The `correlation_id` of the query, else of the header, else the request's id; one that is empty, too long or not
  /// text is none.
  static func of(_ request: HTTPRequest, requestID: String) -> String {
    for pair in request.query?.split(separator: 0x26) ?? [] where pair.starts(with: "correlation_id=".utf8) {
      let value = pair.dropFirst("correlation_id=".utf8.count).map { $0 == 0x2B ? 0x20 : $0 }
      if let text = PercentEncoding.decode(value), isFit(text) { return text }
    }
    let header = request.field("correlation_id").flatMap { String(validating: $0, as: UTF8.self) }
    if let header, isFit(header) { return header }
    return requestID
  }

  private static func isFit(_ text: String) -> Bool { (1...longest).contains(text.utf8.count) }
}
