import SessionCore

/// Making and reading tokens, without what comes after.
let tokenBenchmarks: [Benchmark] = [
  Benchmark(name: "token.make", summary: "the token of a session") { scale in
    let world = try await World(.memory, scale)
    return Prepared { count in
      for index in 0..<count {
        let token = world.sessions.token(for: world.opened[index % world.opened.count])
        guard token.text.count == SessionToken.textLength else { throw Unexpected("a token has another length") }
      }
    }
  },
  Benchmark(name: "token.malformed", summary: "a token refused for its form: decoding alone") { scale in
    try await refusing(scale, as: .malformed) { $0[$0.count - 1] = UInt8(ascii: "*") }
  },
  Benchmark(name: "token.forged", summary: "a token refused for its code: decoding and HMAC") { scale in
    // Another letter for the code's last: still base64url.
    try await refusing(scale, as: .forged) { token in
      token[token.count - 1] = token[token.count - 1] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
    }
  },
]

private func refusing(
  _ scale: Scale, as reason: RefusalReason, _ spoil: (inout [UInt8]) -> Void
) async throws -> Prepared {
  let world = try await World(.memory, scale)
  var spoilt = world.tokens
  for index in spoilt.indices { spoil(&spoilt[index]) }
  let tokens = spoilt
  return Prepared { count in
    for index in 0..<count {
      let answer = unsafe tokens[index % tokens.count].withUnsafeBytes {
        unsafe world.sessions.verifyAtOnce($0, now: world.sessions.clock.now())
      }
      guard case .refused(reason, nil) = answer else { throw Unexpected("a bad token was not refused as \(reason)") }
    }
  }
}
