public import HTTPMessages
import JSON

extension Problem {
  /// The answer of RFC 9457, with `code`, `request_id` and, where there are any, `errors`.
  public func response(requestID: String) -> HTTPResponse {
    var json = JSONWriter()
    json.beginObject()
    json.name("type")
    json.string("about:blank")
    json.name("title")
    json.string(status.reason)
    json.name("status")
    json.integer(Int64(status.code))
    json.name("detail")
    json.string(detail)
    json.name("code")
    json.string(code.rawValue)
    json.name("request_id")
    json.string(requestID)
    if !errors.isEmpty {
      json.name("errors")
      json.beginObject()
      var named: Set<[UInt8]> = []
      for error in errors where named.insert(Array(error.member.utf8)).inserted {
        json.name(error.member)
        json.string(error.reason)
      }
      json.endObject()
    }
    json.endObject()
    return HTTPResponse(
      status: status, fields: [HTTPField("Content-Type", "application/problem+json")] + fields, body: json.bytes)
  }
}
