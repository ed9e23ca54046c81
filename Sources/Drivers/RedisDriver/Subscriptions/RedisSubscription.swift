/// What a subscriber hears of a channel.
public enum RedisSubscriptionEvent: Sendable, Equatable {
  /// The server has confirmed: what is published from here on is heard.
  case subscribed(channel: String)
  /// What is published may be missed from here on, until ``subscribed(channel:)`` comes again.
  case lost(channel: String)
  /// Something was published.
  case message(channel: String, payload: [UInt8])
}

/// Channels that are being listened to, until ``cancel()``.
public final class RedisSubscription: Sendable {
  private let end: @Sendable () -> Void

  init(end: @escaping @Sendable () -> Void) { self.end = end }

  /// Ends it, soon: an event may still come that is under way.
  ///
  /// May be called again.
  public func cancel() { end() }
}
