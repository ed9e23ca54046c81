/// Who listens to what.
struct Subscribers {
  var channels: [[UInt8]: Channel] = [:]
  /// When channels without a server are given to one again.
  var nextAssignment = Moment.never

  var alarm: Moment { nextAssignment }
}

/// A channel, with those who listen to it.
final class Channel {
  typealias Listener = @Sendable (RedisSubscriptionEvent) -> Void

  let name: [UInt8]
  let text: String
  let slot: Int
  var listeners: [UInt64: Listener] = [:]
  /// Where it is heard, or will be.
  weak var link: Link?
  var isHeard = false

  init(_ text: String) {
    self.text = text
    name = Array(text.utf8)
    slot = HashSlot.of(name)
  }

  func tell(_ event: RedisSubscriptionEvent) { for listener in listeners.values { listener(event) } }

  /// Tells that something may be missed, if nobody has yet.
  func lose() {
    guard isHeard else { return }
    isHeard = false
    tell(.lost(channel: text))
  }
}

/// A wish to listen.
struct SubscriptionRequest: Sendable {
  let number: UInt64
  let channels: [String]
  let listener: Channel.Listener
}
