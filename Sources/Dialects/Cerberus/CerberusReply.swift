/// What a call answers, and what a failed call throws.
///
/// The token in it is a credential: it is not printed with the reply.
public struct CerberusReply: Error, Sendable, Equatable {
  /// Whether the call did what it is for.
  public let success: Bool
  /// The status, as of HTTP.
  public let status: Int
  /// A sentence about it; for what the original knew, in its words.
  public let message: String
  /// The token, of `create` and `renew`.
  public var token: String?
  /// The user, of `get` and `getUpdated`.
  public var user: CerberusUser?
  /// What went wrong, of a failed call; nothing from inside.
  public var err: String?

  init(success: Bool, status: Int, message: String) {
    self.success = success
    self.status = status
    self.message = message
  }

  /// A new token.
  static func created(_ token: [UInt8]) -> CerberusReply {
    var reply = CerberusReply(success: true, status: 201, message: "Enjoy your token!")
    reply.token = String(decoding: token, as: UTF8.self)
    return reply
  }

  /// A user, as known or as just read.
  static func found(_ user: CerberusUser, isUpdated: Bool) -> CerberusReply {
    var reply = CerberusReply(
      success: true, status: 200, message: isUpdated ? "User updated!" : "Enjoy your user!")
    reply.user = user
    return reply
  }

  /// The sessions of a user are ended.
  static let revoked = CerberusReply(success: true, status: 200, message: "Session revoked!")
}

extension CerberusReply: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The status and the message.
  public var description: String { "\(status) \(message)" }
  /// The status and the message.
  public var debugDescription: String { description }
  /// A mirror without the token.
  public var customMirror: Mirror {
    Mirror(self, children: ["success": success, "status": status, "message": message])
  }
}
