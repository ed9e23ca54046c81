/// How a pool of connections behaves.
public struct MongoOptions: Sendable {
  /// The password, instead of one in the address.
  public var password: String?
  /// How many connections at most; one more goes to each server for watching it.
  public var connections = 8
  /// How long one answer is waited for, in milliseconds.
  public var answerTimeout: Int64 = 800
  /// How long a connection may take to be made, in milliseconds.
  public var connectTimeout: Int64 = 500
  /// How long a server to write to is looked for, in milliseconds.
  public var selectionTimeout: Int64 = 400
  /// Shown in the server's log and list of connections.
  public var program = "sesame"

  /// The defaults.
  public init() {}
}
