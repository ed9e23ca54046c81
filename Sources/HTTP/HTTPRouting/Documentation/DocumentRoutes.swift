import HTTPMessages

/// `/openapi.json`, and `/docs`, the same to read.
public enum DocumentRoutes {
  /// The group with both, about `groups` and `/openapi.json` itself; to be served beside them.
  ///
  /// Both are made here, once, and served from memory.
  public static func group(_ title: OpenAPIDocument.Title, of groups: [RouteGroup]) -> RouteGroup {
    // The document is about its own route, too: what answers it plays no part in that.
    let declared = route("/openapi.json", "showDocument", "Shows this document.", Asset("application/json", []))
    let document = OpenAPIDocument(title, of: groups + [RouteGroup("Document", prefixes: [""], routes: [declared])])
    let page = DocumentationPage(document: document, stylePath: "/docs/style.css", documentPath: "/openapi.json")
    var routes = [
      route("/openapi.json", "showDocument", "Shows this document.", Asset("application/json", document.json)),
      route(
        "/docs", "showDocumentation", "Shows the document as a page.",
        Asset("text/html; charset=utf-8", page.html, policy: "default-src 'none'; style-src 'self'; \(framing)")),
      route(
        "/docs/style.css", "showDocumentationStyle", "Shows how that page looks.",
        Asset("text/css; charset=utf-8", Array(DocumentationStyle.css.utf8))),
    ]
    for index in routes.indices.dropFirst() { routes[index].isDocumented = false }
    return RouteGroup("Document", prefixes: [""], routes: routes)
  }

  private static let framing = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  private static func route(_ path: String, _ operationID: String, _ summary: String, _ asset: Asset) -> Route {
    var route = Route(
      .get, path, operationID, summary, access: .open,
      answers: [
        Route.Answer(.ok, "It, with its ETag.", .object([], unknownMembers: .ignored)),
        Route.Answer(HTTPStatus(304), "It is the one that If-None-Match names."),
      ]
    ) { request in asset.answer(to: request.request) }
    route.tags = ["document"]
    route.fields = [FieldParameter("If-None-Match", .string("The ETag of a copy."))]
    return route
  }
}

/// Bytes that never change while the server runs.
private struct Asset: Sendable {
  private let fields: [HTTPField]
  private let tag: String
  private let bytes: [UInt8]

  init(_ mediaType: String, _ bytes: [UInt8], policy: String? = nil) {
    self.bytes = bytes
    // Nobody gains by two assets with one tag, so FNV-1a will do.
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    tag = "\"\(String(hash, radix: 36))\""
    fields =
      [HTTPField("Content-Type", mediaType), HTTPField("ETag", tag)]
      + (policy.map { [HTTPField("Content-Security-Policy", $0)] } ?? [])
  }

  func answer(to request: HTTPRequest) -> HTTPResponse {
    let known = request.fields.filter { $0.isNamed("if-none-match") }.flatMap { $0.value.split(separator: 0x2C) }
    let isKnown = known.contains { $0.filter { $0 != 0x20 && $0 != 0x09 }.elementsEqual(tag.utf8) }
    return isKnown
      ? HTTPResponse(status: HTTPStatus(304), fields: Array(fields.dropFirst()))
      : HTTPResponse(status: .ok, fields: fields, body: bytes)
  }
}
