extension Engine {
  func subscribe(_ request: SubscriptionRequest) {
    for text in request.channels {
      let name = Array(text.utf8)
      let channel = subscribers.channels[name] ?? Channel(text)
      subscribers.channels[name] = channel
      channel.listeners[request.number] = request.listener
      if channel.isHeard { request.listener(.subscribed(channel: text)) }
      if channel.link == nil { assign(channel) }
    }
  }

  func cancel(_ number: UInt64) {
    for (name, channel) in subscribers.channels where channel.listeners.removeValue(forKey: number) != nil {
      guard channel.listeners.isEmpty else { continue }
      subscribers.channels[name] = nil
      channel.isHeard = false
      channel.link?.leave(channel)
    }
  }

  /// Has every channel heard where it belongs by what is known now.
  func assignChannels() {
    subscribers.nextAssignment = .never
    for channel in subscribers.channels.values { assign(channel) }
  }

  private func assign(_ channel: Channel) {
    guard let server = topology.only ?? topology.owners[channel.slot] else {
      channel.lose()
      channel.link?.leave(channel)
      return assignSoon()
    }
    guard channel.link?.server !== server else { return }
    channel.lose()
    channel.link?.leave(channel)
    server.subscriptions.hear(channel)
  }

  /// A channel has no server at present.
  func assignSoon() {
    subscribers.nextAssignment = min(subscribers.nextAssignment, now + Link.attemptPause)
    if settings.isCluster { lookSoon() }
  }

  func tickSubscribers() {
    if subscribers.nextAssignment <= now { assignChannels() }
  }
}
