public import HTTPMessages
public import JSON

extension HTTPResponse {
  private static let isJSON = HTTPField("Content-Type", "application/json")

  /// A response whose body is what `write` writes.
  public static func json(
    _ status: HTTPStatus = .ok, fields: [HTTPField] = [], _ write: (inout JSONWriter) -> Void
  ) -> HTTPResponse {
    var json = JSONWriter(capacity: 960)
    write(&json)
    // Room for the request's id, which the router adds.
    var all: [HTTPField] = []
    all.reserveCapacity(fields.count + 2)
    all.append(isJSON)
    all += fields
    return HTTPResponse(status: status, fields: all, body: json.bytes)
  }
}
