internal import CCurl

/// An address that a request may go to, as libcurl itself reads it.
///
/// Judged and used by the same reader: with two, one could be told another host than the other asks.
struct RequestAddress: Sendable {
  /// The address in libcurl's own spelling.
  let text: String
  let isTLS: Bool

  init(_ address: String, plainServers: HTTPClient.PlainServers) throws(HTTPClientError) {
    guard address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let parts = AddressHandle(address) else {
      throw HTTPClientError(.address, "The address is not an http or https address.")
    }
    guard let scheme = parts.part(CURLUPART_SCHEME), let host = parts.part(CURLUPART_HOST),
      let text = parts.part(CURLUPART_URL), scheme == "https" || scheme == "http"
    else { throw HTTPClientError(.address, "The address is not an http or https address.") }
    isTLS = scheme == "https"
    guard isTLS || plainServers == .all || Self.isLoopback(host) else {
      throw HTTPClientError(.address, "The address must begin with https://, unless it is of this machine.")
    }
    self.text = text
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let parts = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0].elementsEqual("127".utf8)
      && parts.allSatisfy { part in
        (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
      }
  }
}

/// The one owner of an address that libcurl has read, which it frees.
@safe
private struct AddressHandle: ~Copyable {
  private let pointer: OpaquePointer

  /// Reads an address, or `nil` if it is none, or has a name or a password in it.
  init?(_ text: String) {
    guard let pointer = unsafe curl_url() else { return nil }
    // https://curl.se/libcurl/c/curl_url_set.html
    guard unsafe curl_url_set(pointer, CURLUPART_URL, text, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK else {
      unsafe curl_url_cleanup(pointer)
      return nil
    }
    unsafe self.pointer = pointer
  }

  deinit { unsafe curl_url_cleanup(pointer) }

  func part(_ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard unsafe curl_url_get(pointer, part, &text, 0) == CURLUE_OK, let text = unsafe text else { return nil }
    defer { unsafe curl_free(text) }
    return unsafe String(cString: text)
  }
}
