public import HTTPMessages

/// One operation: how it is reached, what it takes and answers, who may call it, and what does it.
///
/// Declared once. The router serves it and checks requests by it, and the API document is generated from it.
public struct Route: Sendable {
  /// What answers, once the request is admitted and checked.
  ///
  /// A thrown problem is shown in the group's shape.
  public typealias Handler = @Sendable (RoutedRequest) async throws(Problem) -> HTTPResponse

  /// What may answer on the event loop's thread.
  ///
  /// Tried for requests whose method and target are exactly the route's (with ``readsQueryAtOnce``: whose path is),
  /// before admission and any check: it does its own, and answers `false`, with nothing written, whenever it is not
  /// sure. It writes the whole head, the request id included.
  public typealias AtOnce =
    @Sendable (borrowing HTTPRequestView, borrowing RequestID, inout HTTPResponseBuffer) -> Bool

  /// What may begin to fetch what ``AtOnce`` lacked, so that it can answer when it is tried once more.
  ///
  /// As ``HTTPMessages/HTTPHandler/fetch(for:then:)``.
  public typealias Fetch =
    @Sendable (borrowing HTTPRequestView, _ then: @escaping @Sendable () -> Void) -> Bool

  /// A body that a route takes.
  public struct Body: Sendable {
    /// What it may be.
    public let schema: Schema
    /// The media types it may come as; nothing else is read.
    public let mediaTypes: [String]
    /// Whether an HTML form will do, too: an object whose members are all text.
    public let takesForms: Bool
    /// Whether an empty body is refused.
    public let isRequired: Bool

    /// A JSON body, or with `takesForms` also one of application/x-www-form-urlencoded.
    ///
    /// A form is checked against the same schema, so that what is no text in JSON must be allowed as text for forms.
    public init(
      _ schema: Schema, mediaTypes: [String] = ["application/json"], takesForms: Bool = false, isRequired: Bool = true
    ) {
      self.schema = schema
      self.mediaTypes = takesForms ? mediaTypes + [FormBody.mediaType] : mediaTypes
      self.takesForms = takesForms
      self.isRequired = isRequired
    }
  }

  /// An answer that a route may give.
  public struct Answer: Sendable {
    /// The status.
    public let status: HTTPStatus
    /// When it is given, for the API document.
    public let description: String
    /// The body, if there is one; an error without one has the group's shape.
    public let schema: Schema?
    /// The media type of the body.
    public let mediaType: String

    /// An answer from its parts.
    ///
    /// Of two with one status, both bodies are described; the second's media type must be another.
    public init(
      _ status: HTTPStatus, _ description: String, _ schema: Schema? = nil, mediaType: String = "application/json"
    ) {
      self.status = status
      self.description = description
      self.schema = schema
      self.mediaType = mediaType
    }
  }

  /// The method.
  ///
  /// A GET answers HEAD too.
  public let method: HTTPMethod
  /// The path below the group's prefix.
  public let path: String
  /// A name for programs, unique among all routes: "closeSession".
  public let operationID: String
  /// What it does, in a few words.
  public let summary: String
  /// The chapters of the API document that it belongs to.
  public var tags: [String] = []
  /// Who may call it.
  public let access: Access
  /// The parameters of the path, in order.
  public var parameters: [PathParameter] = []
  /// The parameters of the query.
  public var query: [QueryParameter] = []
  /// The header fields that its handler reads, for the API document.
  public var fields: [FieldParameter] = []
  /// Whether it is in the API document; what is no interface for programs need not be.
  public var isDocumented = true
  /// The body, if it takes one.
  public var body: Body?
  /// The answers beside those that every route may give.
  public var answers: [Answer] = []
  /// What may answer at once.
  public var atOnce: AtOnce?
  /// What may fetch what that lacks.
  public var fetch: Fetch?
  /// Whether ``atOnce`` is also tried for targets with a query, which it then has to judge itself.
  public var readsQueryAtOnce = false
  /// What answers.
  public var handler: Handler

  /// A route from its parts.
  public init(
    _ method: HTTPMethod, _ path: String, _ operationID: String, _ summary: String, access: Access,
    parameters: [PathParameter] = [], query: [QueryParameter] = [], body: Body? = nil, answers: [Answer] = [],
    atOnce: AtOnce? = nil, fetch: Fetch? = nil, handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.operationID = operationID
    self.summary = summary
    self.access = access
    self.parameters = parameters
    self.query = query
    self.body = body
    self.answers = answers
    self.atOnce = atOnce
    self.fetch = fetch
    self.handler = handler
  }
}
