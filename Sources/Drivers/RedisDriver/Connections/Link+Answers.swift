extension Link {
  /// An answer came.
  func take(_ reply: RedisReply, on connection: Connection) throws(RedisError) {
    if connection.phase == .greeting { return try greeted(reply, on: connection) }
    if role == .subscriptions { return try heard(reply, on: connection) }
    guard let expected = connection.expected.popFirst() else {
      throw RedisError(.garbled, "\(server.address) answers what it was not asked.")
    }
    switch expected.kind {
    case .call(let call): answered(call, reply)
    case .acknowledgement(let calls): acknowledged(calls, reply)
    case .script(let script): learned(script, reply)
    case .asking, .greeting, .channel, .ping: break
    }
  }

  private func answered(_ call: Call, _ reply: RedisReply) {
    guard !call.isAnswered else { return }
    if case .error(let code, let text) = reply {
      engine.refused(call, code, text, by: self)
    } else if call.replicas != nil {
      call.held = reply
    } else {
      engine.finish(call, .success(reply))
    }
  }

  private func acknowledged(_ calls: [Call], _ reply: RedisReply) {
    let count = max(0, Int(reply.asInteger ?? 0))
    for call in calls {
      if let held = call.held { engine.finish(call, .success(held), acknowledged: count) }
    }
    sendWaiting()
  }

  private func learned(_ script: RedisScript, _ reply: RedisReply) {
    let calls = loading.removeValue(forKey: ObjectIdentifier(script)) ?? []
    if case .bytes(let digest) = reply, digest.count == 40 {
      script.digest = digest
      for call in calls { accept(call) }
    } else if case .error(let code, let text) = reply {
      for call in calls { engine.refused(call, code, text, by: self) }
    } else {
      for call in calls {
        engine.finish(call, .failure(RedisError(.garbled, "\(server.address) does not tell a script's digest.")))
      }
    }
  }
}
