public import HTTPMessages
public import JSON

extension HTTPResponse {
  /// A response whose body is what `write` writes.
  public static func json(
    _ status: HTTPStatus = .ok, fields: [HTTPField] = [], _ write: (inout JSONWriter) -> Void
  ) -> HTTPResponse {
    var json = JSONWriter(capacity: 1024)
    write(&json)
    return HTTPResponse(
      status: status, fields: [HTTPField("Content-Type", "application/json")] + fields, body: json.bytes)
  }
}
