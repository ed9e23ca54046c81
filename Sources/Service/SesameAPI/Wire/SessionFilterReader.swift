import HTTPRouting
import SessionCore

/// The conditions of a list, as parameters of a query or as members of a filter.
enum SessionFilterReader {
  /// The conditions: their names and what they may be.
  static let conditions: [(name: String, schema: Schema)] = [
    ("user_id", .string("Sessions of that user.", length: 1...SessionPolicy.userIDLimit)),
    ("state", .oneOf(SessionSchema.states, "Live sessions, or ended ones.")),
    ("kind", SessionSchema.text.described("Sessions of that kind.")),
    ("status", SessionSchema.text.described("Sessions of that status.")),
    ("address", SessionSchema.text.described("Sessions of that address.")),
    ("client", SessionSchema.text.described("Sessions of that client.")),
    ("from", .time("Sessions whose last request was at that time or later.")),
    ("to", .time("Sessions whose last request was before that time.")),
    ("opened_from", .time("Sessions opened at that time or later.")),
    ("opened_to", .time("Sessions opened before that time.")),
  ]

  static let parameters = conditions.map { QueryParameter($0.name, $0.schema) }

  static let schema = Schema.named(
    "SessionFilter",
    .object(conditions.map { Schema.Member.optional($0.name, $0.schema) }, "All conditions must be met.").neverEmpty)

  /// Reads the conditions that `text` answers for their names; times that are none are added to `errors`.
  static func read(errors: inout [MemberError], text: (StaticString) -> String?) -> SessionFilter {
    var filter = SessionFilter()
    filter.userID = text("user_id").map { ExactText($0) }
    filter.isAlive = text("state").map { $0 == "open" }
    filter.kind = text("kind").map { ExactText($0) }
    filter.status = text("status").map { ExactText($0) }
    filter.address = text("address").map { ExactText($0) }
    filter.client = text("client").map { ExactText($0) }
    func time(_ name: StaticString) -> Timestamp? {
      guard let given = text(name) else { return nil }
      let time = Timestamp(rfc3339: given)
      if time == nil { errors.append(MemberError("\(name)", "must be a time of RFC 3339")) }
      return time
    }
    filter.requestedFrom = time("from")
    filter.requestedBefore = time("to")
    filter.openedFrom = time("opened_from")
    filter.openedBefore = time("opened_to")
    return filter
  }
}
