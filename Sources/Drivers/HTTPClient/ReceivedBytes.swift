/// What has come of one response, bounded.
final class ReceivedBytes {
  private(set) var body: [UInt8] = []
  private(set) var failure: HTTPClientError?
  private var headLength = 0
  private var isGood = false
  private var lastByte = ContinuousClock.now
  private let limits: HTTPClientLimits
  private let receive: (@Sendable ([UInt8]) -> Bool)?
  private let isStopping: StopFlag

  init(limits: HTTPClientLimits, receive: (@Sendable ([UInt8]) -> Bool)?, isStopping: StopFlag) {
    self.limits = limits
    self.receive = receive
    self.isStopping = isStopping
  }

  /// Takes a line of the head; each response begins with one of its own, as one that is not final does.
  func takeHead(_ line: UnsafeRawBufferPointer) -> Bool {
    lastByte = .now
    // The status stands behind a version of eight bytes and a space (RFC 9112 section 4).
    if line.count > 9, unsafe line.starts(with: "HTTP/".utf8) {
      isGood = unsafe line[9] == UInt8(ascii: "2")
    }
    headLength += line.count
    guard headLength <= limits.maximumHead else { return fail(.tooLarge, "The response's head is too long.") }
    return true
  }

  func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    lastByte = .now
    if isGood, let receive {
      return unsafe receive(Array(bytes)) || fail(.stopped, "The receiver had enough.")
    }
    guard bytes.count <= limits.maximumBody - body.count else {
      return fail(.tooLarge, "The response is longer than \(limits.maximumBody) bytes.")
    }
    unsafe body.append(contentsOf: bytes)
    return true
  }

  func mayGoOn() -> Bool {
    if isStopping.isSet { return fail(.stopped, "The client was stopped.") }
    if let silence = limits.silence, ContinuousClock.now - lastByte > silence {
      return fail(.timeout, "Nothing came from the server for \(silence.components.seconds) seconds.")
    }
    return true
  }

  private func fail(_ code: HTTPClientError.Code, _ sentence: String) -> Bool {
    failure = HTTPClientError(code, sentence)
    return false
  }
}
