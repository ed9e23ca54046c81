import JSON
public import SessionCore

extension SessionDraft {
  /// A session as services open them: a user, where it comes from, and some 300 bytes of data.
  public static func typical(_ number: Int) -> SessionDraft {
    var draft = SessionDraft(userID: ExactText("user-\(number)"))
    draft.address = "203.0.113.7"
    draft.client = "web"
    draft.userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    draft.data = payload
    return draft
  }

  /// An object of 300 bytes.
  private static let payload: JSONText = {
    var json = JSONWriter()
    json.beginObject()
    json.member("theme", "dark")
    json.member("basket", String(repeating: "item-", count: 54))
    json.endObject()
    return JSONText(uncheckedMinified: json.bytes)
  }()
}
