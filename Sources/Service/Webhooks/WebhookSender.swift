/// What posts a message, within bounds of time and size of its own, and follows no redirect.
public protocol WebhookSender: Sendable {
  /// Posts a body.
  func post(_ body: [UInt8], to url: String, fields: [(name: String, value: String)]) async -> WebhookAnswer
}

/// What became of a post.
public enum WebhookAnswer: Sendable, Equatable {
  /// It was answered with that status.
  case status(Int)
  /// It was not answered; why, for the log.
  case failed(String)
}
