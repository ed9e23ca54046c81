import HTTPMessages

/// `/openapi.json`, and `/docs`, the same to read.
public enum DocumentRoutes {
  /// The group with both, about `groups` and `/openapi.json` itself; to be served beside them.
  ///
  /// Both are made here, once, and served from memory.
  public static func group(_ title: OpenAPIDocument.Title, of groups: [RouteGroup]) -> RouteGroup {
    // The document is about its own route, too: what answers it plays no part in that.
    let declared = route("/openapi.json", "showDocument", "Shows this document.", StaticAsset("application/json", []))
    let document = OpenAPIDocument(title, of: groups + [RouteGroup("Document", prefixes: [""], routes: [declared])])
    let page = DocumentationPage(document: document, stylePath: "/docs/style.css", documentPath: "/openapi.json")
    var routes = [
      route("/openapi.json", "showDocument", "Shows this document.", StaticAsset("application/json", document.json)),
      route(
        "/docs", "showDocumentation", "Shows the document as a page.",
        StaticAsset("text/html; charset=utf-8", page.html, policy: "default-src 'none'; style-src 'self'; \(framing)")),
      route(
        "/docs/style.css", "showDocumentationStyle", "Shows how that page looks.",
        StaticAsset("text/css; charset=utf-8", Array(DocumentationStyle.css.utf8))),
    ]
    for index in routes.indices.dropFirst() { routes[index].isDocumented = false }
    return RouteGroup("Document", prefixes: [""], routes: routes)
  }

  private static let framing = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  private static func route(_ path: String, _ operationID: String, _ summary: String, _ asset: StaticAsset) -> Route {
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
