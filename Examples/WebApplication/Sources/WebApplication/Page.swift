import HTTPMessages

/// The site's HTML.
enum Page {
  /// The form to log in, with a sentence about the try before.
  static func logIn(_ status: HTTPStatus, _ sentence: String = "") -> HTTPResponse {
    page(
      status, title: "Log in",
      """
      <p role="alert">\(escaped(sentence))</p>
      <form method="post" action="/login">
      <p><label>E-mail <input type="email" name="email" autocomplete="username" required></label></p>
      <p><label>Password <input type="password" name="password" autocomplete="current-password" required></label></p>
      <p><button>Log in</button></p>
      </form>
      """)
  }

  /// The page of somebody who is logged in.
  ///
  /// `proof` goes back with each form.
  static func home(user: String, places: Int, proof: String) -> HTTPResponse {
    page(
      .ok, title: "Welcome",
      """
      <p>You are \(escaped(user)), logged in at \(places) \(places == 1 ? "place" : "places").</p>
      \(button("/logout", "Log out", proof: proof))
      \(button("/logout-elsewhere", "Log out everywhere else", proof: proof))
      """)
  }

  /// A page that only says something.
  static func message(_ status: HTTPStatus, _ sentence: String) -> HTTPResponse {
    page(status, title: "Sorry", "<p>\(escaped(sentence))</p>\n<p><a href=\"/\">Back</a></p>")
  }

  private static func button(_ action: String, _ title: String, proof: String) -> String {
    """
    <form method="post" action="\(action)">
    <input type="hidden" name="proof" value="\(escaped(proof))">
    <p><button>\(title)</button></p>
    </form>
    """
  }

  private static func page(_ status: HTTPStatus, title: String, _ content: String) -> HTTPResponse {
    let html = """
      <!DOCTYPE html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(title)</title>
      <h1>\(title)</h1>
      \(content)
      </html>

      """
    return HTTPResponse(
      status: status, fields: [HTTPField("Content-Type", "text/html; charset=utf-8")], body: Array(html.utf8))
  }

  /// Text as it may stand in HTML, also between quotation marks.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { html, character in
      switch character {
      case "&": html += "&amp;"
      case "<": html += "&lt;"
      case ">": html += "&gt;"
      case "\"": html += "&quot;"
      case "'": html += "&#39;"
      default: html.append(character)
      }
    }
  }
}
