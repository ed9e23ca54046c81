internal import CCurl

/// Sends one request after another on one thread.
final class EasyTransfer {
  private let handle: EasyHandle
  private let certificateAuthorities: String?
  private let isStopping: StopFlag

  /// `nil` if libcurl has no memory for it.
  init?(certificateAuthorities: String?, isStopping: StopFlag) {
    guard let handle = EasyHandle() else { return nil }
    self.handle = handle
    self.certificateAuthorities = certificateAuthorities
    self.isStopping = isStopping
  }

  /// Sends a request and reads its response; blocks for the request's time at most.
  func perform(_ transfer: Transfer) -> Result<HTTPClientResponse, HTTPClientError> {
    guard !isStopping.isSet else { return .failure(HTTPClientError(.stopped, "The client is stopped.")) }
    let limits = transfer.request.limits
    let left = limits.totalTime - transfer.begin.duration(to: .now)
    guard left > .zero else {
      return .failure(HTTPClientError(.timeout, "The request waited for its turn for all of its time."))
    }
    let received = ReceivedBytes(limits: limits, receive: transfer.receive, isStopping: isStopping)
    let code = withExtendedLifetime(received) { run(transfer, milliseconds: Self.milliseconds(left), received) }
    let status = handle.status
    guard code == CURLE_OK, (200...599).contains(status) else {
      return .failure(received.failure ?? Self.failure(code))
    }
    return .success(HTTPClientResponse(status: status, contentType: handle.contentType, body: received.body))
  }

  private func run(_ transfer: Transfer, milliseconds: Int, _ received: ReceivedBytes) -> CURLcode {
    let pointer = unsafe handle.pointer
    handle.reset()
    setRules(transfer)
    setLimits(transfer.request, isHandedOver: transfer.receive != nil, milliseconds: milliseconds)
    var fields = FieldList()
    // Without these libcurl would send fields of its own choice.
    var lines = ["Accept: */*", "Expect:"]
    switch transfer.request.method {
    case .get, .post: break
    case .patch: handle.set(CURLOPT_CUSTOMREQUEST, "PATCH")
    case .delete: handle.set(CURLOPT_CUSTOMREQUEST, "DELETE")
    }
    if let body = transfer.request.method.body {
      lines.append("Content-Type:")
      handle.set(CURLOPT_POST, 1)
      handle.set(CURLOPT_POSTFIELDSIZE_LARGE, size: body.count)
      // Copied at once, for the array's memory is not ours to keep.
      let copied = unsafe body.withUnsafeBytes { bytes in
        unsafe ccurl_set_text(pointer, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
      }
      guard copied == CURLE_OK else { return copied }
      if body.isEmpty { handle.set(CURLOPT_COPYPOSTFIELDS, "") }
    }
    for field in transfer.request.fields {
      let start = field.name.lowercased() + ":"
      lines.removeAll { $0.lowercased().hasPrefix(start) }
      // An empty value is written with a semicolon (https://curl.se/libcurl/c/CURLOPT_HTTPHEADER.html).
      lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    for line in lines where !fields.append(line) { return CURLE_OUT_OF_MEMORY }
    unsafe ccurl_set_pointer(pointer, CURLOPT_HTTPHEADER, fields.pointer)
    let context = unsafe Unmanaged.passUnretained(received).toOpaque()
    unsafe ccurl_set_pointer(pointer, CURLOPT_WRITEDATA, context)
    unsafe ccurl_set_data_function(pointer, CURLOPT_WRITEFUNCTION, takeBody)
    unsafe ccurl_set_pointer(pointer, CURLOPT_HEADERDATA, context)
    unsafe ccurl_set_data_function(pointer, CURLOPT_HEADERFUNCTION, takeHead)
    unsafe ccurl_set_pointer(pointer, CURLOPT_XFERINFODATA, context)
    unsafe ccurl_set_progress_function(pointer, watchTransfer)
    handle.set(CURLOPT_NOPROGRESS, 0)
    return unsafe curl_easy_perform(pointer)
  }

  /// What holds for every request, whatever libcurl's default is.
  private func setRules(_ transfer: Transfer) {
    handle.set(CURLOPT_URL, transfer.address.text)
    handle.set(CURLOPT_PROTOCOLS_STR, transfer.address.isTLS ? "https" : "http")
    handle.set(CURLOPT_FOLLOWLOCATION, 0)
    handle.set(CURLOPT_PROXY, "")
    handle.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
    handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    handle.set(CURLOPT_HTTP09_ALLOWED, 0)
    handle.set(CURLOPT_HTTP_CONTENT_DECODING, 0)
    handle.set(CURLOPT_SSL_VERIFYPEER, 1)
    handle.set(CURLOPT_SSL_VERIFYHOST, 2)
    handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    handle.set(CURLOPT_USERAGENT, "sesame")
    // Signals are the program's own affair.
    handle.set(CURLOPT_NOSIGNAL, 1)
    if let file = certificateAuthorities { handle.set(CURLOPT_CAINFO, file) }
  }

  private func setLimits(_ request: HTTPClientRequest, isHandedOver: Bool, milliseconds: Int) {
    let limits = request.limits
    if let socket = request.socket { handle.set(CURLOPT_UNIX_SOCKET_PATH, socket) }
    handle.set(CURLOPT_TIMEOUT_MS, milliseconds)
    handle.set(CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, Self.milliseconds(limits.connectTime)))
    // What is handed over may be of any length.
    if !isHandedOver { handle.set(CURLOPT_MAXFILESIZE_LARGE, size: max(1, limits.maximumBody)) }
    if let time = limits.slowTime {
      handle.set(CURLOPT_LOW_SPEED_LIMIT, max(1, limits.slowestSpeed))
      handle.set(CURLOPT_LOW_SPEED_TIME, max(1, Int(clamping: time.components.seconds)))
    }
  }

  /// At least 1, since 0 means no limit to libcurl.
  private static func milliseconds(_ time: Duration) -> Int {
    let parts = time.components
    let seconds = Int(clamping: min(max(parts.seconds, 0), 86_400))
    return max(1, seconds * 1000 + Int(clamping: max(0, parts.attoseconds / 1_000_000_000_000_000)))
  }

  private static func failure(_ code: CURLcode) -> HTTPClientError {
    let kind: HTTPClientError.Code =
      switch code {
      case CURLE_OPERATION_TIMEDOUT: .timeout
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_SEND_ERROR, CURLE_RECV_ERROR: .connection
      case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER: .tls
      case CURLE_FILESIZE_EXCEEDED: .tooLarge
      case CURLE_OK, CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL,
        CURLE_HTTP_RETURNED_ERROR, CURLE_BAD_CONTENT_ENCODING:
        .malformed
      default: .failed
      }
    let sentence = code == CURLE_OK ? "not a final response" : unsafe String(cString: curl_easy_strerror(code))
    return HTTPClientError(kind, "No response from the server (\(code.rawValue)): \(sentence).")
  }
}

/// Fewer bytes than were given stop the transfer (https://curl.se/libcurl/c/CURLOPT_WRITEFUNCTION.html).
private func takeBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context = unsafe context, size == 1 else { return 0 }
  let received = unsafe Unmanaged<ReceivedBytes>.fromOpaque(context).takeUnretainedValue()
  let isTaken = unsafe received.takeBody(UnsafeRawBufferPointer(start: bytes, count: count))
  // Of no bytes, none is what was given.
  return isTaken ? count : count == 0 ? 1 : 0
}

private func takeHead(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context = unsafe context, size == 1 else { return 0 }
  let received = unsafe Unmanaged<ReceivedBytes>.fromOpaque(context).takeUnretainedValue()
  return unsafe received.takeHead(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
}

/// Anything but 0 stops the transfer; called once a second at least
/// (https://curl.se/libcurl/c/CURLOPT_XFERINFOFUNCTION.html).
private func watchTransfer(
  _ context: UnsafeMutableRawPointer?, _ expected: curl_off_t, _ received: curl_off_t, _ toSend: curl_off_t,
  _ sent: curl_off_t
) -> Int32 {
  guard let context = unsafe context else { return 1 }
  let received = unsafe Unmanaged<ReceivedBytes>.fromOpaque(context).takeUnretainedValue()
  return received.mayGoOn() ? 0 : 1
}
