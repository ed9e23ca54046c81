import HTTPMessages
import HTTPRouting

/// A route of a dialect that takes a body, as the cases about bodies try it.
struct DialectOperation: Sendable {
  let method: HTTPMethod
  let target: String
  let operationID: String
  let isBodyRequired: Bool
  let mediaTypes: [String]
  let members: [Schema.Member]

  /// `nil` for a route without a body, or one that is about a thing in its path.
  init?(_ route: Route, prefix: String) {
    guard let body = route.body, route.parameters.isEmpty,
      case .object(let members, _) = Self.unwrapped(body.schema).shape
    else { return nil }
    method = route.method
    target = prefix + route.path
    operationID = route.operationID
    isBodyRequired = body.isRequired
    mediaTypes = body.mediaTypes
    self.members = members
  }

  private static func unwrapped(_ schema: Schema) -> Schema {
    if case .named(_, let schema) = schema.shape { unwrapped(schema) } else { schema }
  }

  /// The members of a body that works, as JSON, by their names.
  func sampleMembers(_ dialect: TestedDialect, _ session: DialectSession) -> [(name: String, json: String)] {
    members.compactMap { member in
      dialect.sample(member.name, operationID, session).map { (member.name, $0) }
    }
  }

  /// A body of members.
  static func body(_ members: [(name: String, json: String)]) -> String {
    "{" + members.map { #""\#($0.name)":\#($0.json)"# }.joined(separator: ",") + "}"
  }
}
