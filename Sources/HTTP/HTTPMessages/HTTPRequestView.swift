/// A request in the server's own buffers, readable only while the fast path runs.
///
/// Nothing is copied: every buffer that it hands out is invalid once the call that got the view returns. Whatever is
/// needed later is taken along with ``copy()``.
@safe
public struct HTTPRequestView: ~Copyable {
  /// Where a field's name and value lie; the layout of the engine's C struct.
  @safe
  public struct FieldSlice {
    let name: UnsafePointer<UInt8>?
    let nameLength: Int
    let value: UnsafePointer<UInt8>?
    let valueLength: Int

    /// A field's places, which outlive every view of it.
    public init(
      name: UnsafePointer<UInt8>?, nameLength: Int, value: UnsafePointer<UInt8>?, valueLength: Int
    ) {
      unsafe self.name = name
      self.nameLength = nameLength
      unsafe self.value = value
      self.valueLength = valueLength
    }
  }

  /// The method.
  public let method: HTTPMethod
  /// Who sent it.
  public let peer: HTTPPeer
  /// Whether it came over TLS.
  public let isSecure: Bool
  /// For how many nanoseconds it has waited for something to be fetched; 0 when it is handed over first.
  public let waited: UInt64
  private let targetBytes: UnsafeRawBufferPointer
  private let bodyBytes: UnsafeRawBufferPointer
  private let slices: UnsafeBufferPointer<FieldSlice>

  /// A view of buffers that outlive it.
  public init(
    method: HTTPMethod, target: UnsafeRawBufferPointer, fields: UnsafeBufferPointer<FieldSlice>,
    body: UnsafeRawBufferPointer, peer: HTTPPeer, isSecure: Bool, waited: UInt64 = 0
  ) {
    self.method = method
    self.peer = peer
    self.isSecure = isSecure
    self.waited = waited
    unsafe targetBytes = target
    unsafe bodyBytes = body
    unsafe slices = fields
  }

  /// The target as sent: path and query.
  public var target: UnsafeRawBufferPointer { unsafe targetBytes }

  /// The body, decoded from its chunks.
  public var body: UnsafeRawBufferPointer { unsafe bodyBytes }

  /// The number of header fields.
  public var fieldCount: Int { unsafe slices.count }

  /// The name of a field as sent.
  public func fieldName(_ index: Int) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: slices[index].name, count: slices[index].nameLength)
  }

  /// The value of a field, without the white space around it.
  public func fieldValue(_ index: Int) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: slices[index].value, count: slices[index].valueLength)
  }

  /// Whether the target is exactly `path`, without a query.
  public func targetIs(_ path: StaticString) -> Bool {
    guard unsafe targetBytes.count == path.utf8CodeUnitCount else { return false }
    let start = unsafe path.utf8Start
    for index in unsafe 0..<targetBytes.count where unsafe targetBytes[index] != start[index] { return false }
    return true
  }

  /// How many fields have the name `lowercaseName` (given in lower case), and the index of the last of them.
  public func find(_ lowercaseName: StaticString) -> (count: Int, last: Int) {
    var count = 0
    var last = -1
    let length = lowercaseName.utf8CodeUnitCount
    let wanted = unsafe lowercaseName.utf8Start
    for index in unsafe 0..<slices.count {
      guard unsafe slices[index].nameLength == length, let name = unsafe slices[index].name else { continue }
      var isEqual = true
      for position in 0..<length where unsafe lowercased(name[position]) != wanted[position] {
        isEqual = false
        break
      }
      if isEqual {
        count += 1
        last = index
      }
    }
    return (count, last)
  }

  /// An owned copy, for the slow path.
  public func copy() -> HTTPRequest {
    let mark = unsafe targetBytes.firstIndex(of: 0x3F) ?? targetBytes.endIndex
    var fields: [HTTPField] = []
    fields.reserveCapacity(fieldCount)
    for index in 0..<fieldCount {
      unsafe fields.append(HTTPField(name: [UInt8](fieldName(index)), value: [UInt8](fieldValue(index))))
    }
    return unsafe HTTPRequest(
      method: method, path: [UInt8](targetBytes[..<mark]),
      query: mark < targetBytes.endIndex ? [UInt8](targetBytes[(mark + 1)...]) : nil, fields: fields,
      body: [UInt8](bodyBytes), peer: peer, isSecure: isSecure)
  }
}
