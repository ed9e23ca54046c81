import HTTPRouting
import SessionCore

/// What the routes for events take and answer, for checking and for the API document.
enum EventSchema {
  static let kinds = Event.Kind.allCases.map(\.rawValue)

  static let event = Schema.named(
    "Event",
    .object(
      [
        .required("cursor", .string("Its place in the log; resume after it.")),
        .required("type", .oneOf(kinds, "What happened.")),
        .required("time", .time("When; for a session whose time was up, its deadline.")),
        .required(
          "actor",
          .object(
            [
              .required("kind", .oneOf(["user", "service", "policy", "reaper"], "What sort of actor.")),
              .optional("name", .string("The name of the service key.")),
              .optional("address", .string("Where the request came from.")),
              .optional("request_id", .string("The id of the request.")),
            ], unknownMembers: .ignored, "Who caused it.")),
        .optional("session_id", SessionSchema.id),
        .optional("user_id", .string("Whom it is about.")),
        .optional("key_id", .integer("The service key that it is about.")),
        .optional("reason", .string("Why: a close reason, a log-in method, the cause of a refusal.")),
        .optional("details", .any("More, as an object.")),
      ], unknownMembers: .ignored, "Something that happened."))

  static let page = Schema.object(
    [
      .required("events", .array(of: event, "Oldest first.")),
      .required("next", .string("The cursor after which the next page begins.")),
      .required("more", .boolean("Whether more follow already.")),
    ], unknownMembers: .ignored)
}
