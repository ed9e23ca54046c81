/// A response written straight into the bytes that will be sent: the fast path's alternative to ``HTTPResponse``.
///
/// Its storage belongs to the server and is used again for the next response. Call ``begin(_:contentLength:)`` once,
/// then ``addField(_:)`` as often as needed, then ``beginBody()``, then append exactly as many body bytes as announced.
public struct HTTPResponseBuffer: Sendable {
  /// The bytes so far: status line, fields, body.
  public internal(set) var bytes: [UInt8] = []

  /// The fields that stand in every response, as whole lines with their CR LF; replaced by the server as its clock
  /// moves.
  public var standingFields: [UInt8] = [] {
    didSet { standingLineEnds = standingFields.indices.filter { standingFields[$0] == 10 }.map { $0 + 1 } }
  }
  /// Where each of the standing fields' lines ends.
  var standingLineEnds: [Int] = []
  /// Whether the connection is kept afterwards; set by the server.
  public var keepsConnection = true
  /// Whether the request is a HEAD, whose body is announced but not sent; set by the server.
  public var omitsBody = false

  /// An empty buffer with room for `capacity` bytes.
  public init(capacity: Int = 2048) {
    bytes.reserveCapacity(capacity)
  }

  /// Forgets the last response and keeps the storage, unless that response was so large that few others are.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
  }

  private static let keptCapacity = 256 << 10

  /// Writes the status line, Content-Length, Connection where it matters, and the standing fields.
  ///
  /// `statusLine` is, for example, "HTTP/1.1 200 OK\r\n". A `nil` length leaves Content-Length out (204, 304).
  public mutating func begin(_ statusLine: StaticString, contentLength: Int?) {
    append(statusLine)
    if let contentLength {
      append("Content-Length: ")
      append(decimal: contentLength)
      append("\r\n")
    }
    if !keepsConnection { append("Connection: close\r\n") }
    bytes.append(contentsOf: standingFields)
  }

  /// Writes one field line, which ends in CR LF.
  public mutating func addField(_ line: StaticString) {
    append(line)
  }

  /// Writes the empty line between head and body.
  public mutating func beginBody() {
    append("\r\n")
  }

  /// Appends bytes of the body, unless the request was a HEAD.
  public mutating func appendBody(_ body: [UInt8]) {
    if !omitsBody { bytes.append(contentsOf: body) }
  }

  /// Appends bytes of the body, unless the request was a HEAD.
  public mutating func appendBody(_ body: UnsafeRawBufferPointer) {
    if !omitsBody { unsafe bytes.append(contentsOf: body) }
  }

  /// Has `append` append bytes of the body, unless the request was a HEAD; it must leave those before alone.
  public mutating func appendBody(_ append: (_ bytes: inout [UInt8]) -> Void) {
    if !omitsBody { append(&bytes) }
  }

  /// Appends bytes of the head that are not known when the program is compiled; they must not hold CR or LF of a
  /// caller's.
  public mutating func appendHead(_ head: [UInt8]) {
    bytes.append(contentsOf: head)
  }

  /// Appends bytes of the head that lie in a request's own buffers; they must not hold CR or LF.
  public mutating func appendHead(_ head: UnsafeRawBufferPointer) {
    unsafe bytes.append(contentsOf: head)
  }

  mutating func append(_ text: StaticString) {
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(decimal value: Int) {
    var rest = UInt64(max(value, 0))
    var digits: InlineArray<20, UInt8> = .init(repeating: 0)
    var first = digits.count
    repeat {
      first -= 1
      digits[first] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
      rest /= 10
    } while rest > 0
    unsafe digits.span.extracting(first...).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
  }
}
