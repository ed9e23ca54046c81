public import HTTPMessages

/// Where a request comes from, forwarding considered.
public struct RequestOrigin: Sendable, Equatable {
  /// The client's address as text, or "unix"; the peer's if the client is unknown.
  public let address: String
  /// The client's address; `nil` on a Unix socket, and if it is unknown.
  let client: IPAddress?
  /// Whether it is the peer of a Unix socket itself.
  let isUnixSocket: Bool
  /// Whether the client itself spoke HTTPS.
  public let isSecure: Bool
}

extension TrustPolicy {
  private static func isForwarded(_ request: HTTPRequest) -> Bool {
    request.fields.contains { field in
      field.isNamed("x-forwarded-for") || field.isNamed("forwarded") || field.isNamed("x-real-ip")
        || field.isNamed("x-forwarded-host") || field.isNamed("x-forwarded-proto") || field.isNamed("via")
    }
  }

  /// Where a request comes from.
  public func origin(of request: HTTPRequest) -> RequestOrigin {
    let isForwarded = Self.isForwarded(request)
    guard case .network(let text, _) = request.peer else {
      return RequestOrigin(address: "unix", client: nil, isUnixSocket: !isForwarded, isSecure: request.isSecure)
    }
    let peer = IPAddress(text)
    guard let peer, isProxy(peer) else {
      return RequestOrigin(
        address: text, client: isForwarded ? nil : peer, isUnixSocket: false, isSecure: request.isSecure)
    }
    let isSecure = request.field("x-forwarded-proto").map { $0.elementsEqual("https".utf8) } ?? request.isSecure
    let forwarded = forwardedClient(of: request)
    return RequestOrigin(
      address: forwarded?.text ?? text, client: forwarded?.address, isUnixSocket: false, isSecure: isSecure)
  }

  /// The last address of X-Forwarded-For that is not a configured proxy's: everything before it is hearsay.
  private func forwardedClient(of request: HTTPRequest) -> (text: String, address: IPAddress)? {
    let entries = request.fields.filter { $0.isNamed("x-forwarded-for") }
      .flatMap { $0.value.split(separator: 0x2C, omittingEmptySubsequences: false) }
    for entry in entries.reversed() {
      var bytes = Bytes.trimmed(entry)
      // Some proxies add the port, which is another with each connection: tries are counted by the address alone.
      if IPAddress(bytes) == nil, let name = HostName(bytes), name.isAddress { bytes = name.name }
      guard let address = IPAddress(bytes) else { return nil }
      if !isProxy(address) { return (String(decoding: bytes, as: UTF8.self), address) }
    }
    return nil
  }

  /// What the policy says of a request.
  public func verdict(on request: HTTPRequest) -> Verdict { verdict(on: request, from: origin(of: request)) }

  /// What the policy says of a request whose origin is known already.
  func verdict(on request: HTTPRequest, from origin: RequestOrigin) -> Verdict {
    if origin.isUnixSocket { return .trusted }
    guard let client = origin.client, trusts(client) else { return .untrusted }
    guard let host = request.field("host"), accepts(host: host) else { return .refused(.unknownHost) }
    if SameOrigin.isForeign(request, isSecure: origin.isSecure) { return .refused(.foreignPage) }
    return .trusted
  }

  /// Whether a request is trusted beyond doubt, found out without allocating; if not, ``verdict(on:)`` must decide.
  public func trustsAtOnce(_ request: borrowing HTTPRequestView) -> Bool {
    guard
      request.find("authorization").count == 0, request.find("origin").count == 0,
      request.find("sec-fetch-site").count == 0, request.find("x-forwarded-for").count == 0,
      request.find("forwarded").count == 0, request.find("x-real-ip").count == 0,
      request.find("x-forwarded-host").count == 0, request.find("x-forwarded-proto").count == 0,
      request.find("via").count == 0
    else { return false }
    guard case .network(let text, _) = request.peer else { return true }
    guard let peer = IPAddress(text), !isProxy(peer), trusts(peer) else { return false }
    let (count, index) = request.find("host")
    return unsafe count == 1 && accepts(host: request.fieldValue(index))
  }
}
