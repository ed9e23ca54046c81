import DialectKit
import HTTPMessages
import HTTPRouting

extension Console {
  /// The pages, and the files that they load.
  var pageRoutes: [Route] {
    let files = Dictionary(
      ConsoleFile.all.map { (Array($0.name.utf8), $0.asset) }, uniquingKeysWith: { first, _ in first })
    let pages = [("/console", "console.html"), ("/account", "account.html")].map { path, name in
      let asset = files[Array(name.utf8)]
      return Route(.get, path, "showPage \(name)", "Shows \(name).", access: .open) { request throws(Problem) in
        guard let asset else { throw Self.noFile }
        return asset.answer(to: request.request)
      }
    }
    let file = Route(
      .get, "/console/{file}", "showPageFile", "Shows a file that the pages load.", access: .open,
      parameters: [PathParameter("file", .string("Its name.", length: 1...64))]
    ) { request throws(Problem) in
      guard let asset = files[Array(request.parameters[0].utf8)] else { throw Self.noFile }
      return asset.answer(to: request.request)
    }
    return pages + [file]
  }

  private static let noFile = Problem(.notFound, .notFound, "There is nothing at this path.")
}
