import CJSON

/// A value within a ``JSONDocument``: two words that keep the whole document alive.
public struct JSONValue: Sendable {
  let storage: JSONStorage
  let index: Int

  /// What a value can be.
  public enum Kind: String, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean
    /// A number.
    case number
    /// A string.
    case string
    /// An array.
    case array
    /// An object.
    case object
  }

  /// What the value is.
  public var kind: Kind {
    switch Int(node.kind) {
    case CJSON_NODE_NULL: .null
    case CJSON_NODE_FALSE, CJSON_NODE_TRUE: .boolean
    case CJSON_NODE_STRING: .string
    case CJSON_NODE_ARRAY: .array
    case CJSON_NODE_OBJECT: .object
    default: .number
    }
  }

  /// Whether the value is `null`.
  public var isNull: Bool { isKind(CJSON_NODE_NULL) }

  /// The truth value, or `nil` for any other kind.
  public var boolean: Bool? {
    if isKind(CJSON_NODE_TRUE) { return true }
    return isKind(CJSON_NODE_FALSE) ? false : nil
  }

  /// The number, if it is written as an integer and fits; `nil` for 1.0 and 1e3, and for any other kind.
  public var integer: Int64? {
    if isKind(CJSON_NODE_SIGNED) { return Int64(bitPattern: node.payload) }
    return isKind(CJSON_NODE_UNSIGNED) ? Int64(exactly: node.payload) : nil
  }

  /// The number, rounded if it is an integer beyond 53 bits; `nil` for any other kind.
  public var double: Double? {
    switch Int(node.kind) {
    case CJSON_NODE_SIGNED: Double(Int64(bitPattern: node.payload))
    case CJSON_NODE_UNSIGNED: Double(node.payload)
    case CJSON_NODE_DOUBLE: Double(bitPattern: node.payload)
    default: nil
    }
  }

  /// The decoded string, or `nil` for any other kind.
  public var string: String? {
    unsafe withUTF8String { bytes in unsafe String(decoding: bytes, as: UTF8.self) }
  }

  /// The decoded string's UTF-8, or `nil` for any other kind.
  public var utf8String: [UInt8]? {
    isString ? Array(storage.bytes[decoded(node)]) : nil
  }

  /// Calls `body` with the decoded string's UTF-8, without a copy; answers `nil` for any other kind.
  ///
  /// The pointer is valid only during the call.
  public func withUTF8String<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
    guard isString else { return nil }
    let range = decoded(node)
    return unsafe storage.bytes.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  /// The number of elements or members; 0 for any other kind.
  public var count: Int {
    isKind(CJSON_NODE_ARRAY) || isKind(CJSON_NODE_OBJECT) ? Int(node.payload) : 0
  }

  /// The value's minified text.
  public var text: JSONText {
    let range = textRange(index)
    if range.count == storage.bytes.count { return JSONText(uncheckedMinified: storage.bytes) }
    return JSONText(uncheckedMinified: Array(storage.bytes[range]))
  }
}

extension JSONValue {
  /// The member of that name, or `nil` if there is none or the value is no object.
  ///
  /// Costs a comparison of lengths for each member before it, and one of bytes where the lengths are equal.
  public subscript(_ name: StaticString) -> JSONValue? {
    unsafe member(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  /// The member of that name, compared as bytes, or `nil` if there is none or the value is no object.
  public func member(_ name: String) -> JSONValue? {
    var name = name
    return name.withUTF8 { unsafe member(UnsafeRawBufferPointer($0)) }
  }

  /// The members in the order of the text; empty for any other kind.
  public var members: [(name: String, value: JSONValue)] {
    var found: [(name: String, value: JSONValue)] = []
    found.reserveCapacity(isKind(CJSON_NODE_OBJECT) ? count : 0)
    forEachMember { name, value in found.append((JSONValue(storage: storage, index: name).string ?? "", value)) }
    return found
  }

  /// The elements in the order of the text; empty for any other kind.
  public var elements: [JSONValue] {
    guard isKind(CJSON_NODE_ARRAY) else { return [] }
    var found: [JSONValue] = []
    found.reserveCapacity(count)
    var element = index + 1
    while element < Int(node.next) {
      found.append(JSONValue(storage: storage, index: element))
      element = Int(storage.nodes[element].next)
    }
    return found
  }

  private func member(_ name: UnsafeRawBufferPointer) -> JSONValue? {
    guard isKind(CJSON_NODE_OBJECT) else { return nil }
    let nodes = storage.nodes
    return unsafe storage.bytes.withUnsafeBytes { bytes -> JSONValue? in
      let end = Int(node.next)
      var key = index + 1
      while key < end {
        let range = decoded(nodes[key])
        if range.count == name.count,
          unsafe UnsafeRawBufferPointer(rebasing: bytes[range]).elementsEqual(name)
        {
          return JSONValue(storage: storage, index: key + 1)
        }
        key = Int(nodes[key + 1].next)
      }
      return nil
    }
  }
}

extension JSONValue {
  /// Calls `body` with the index of each member's name and its value.
  func forEachMember(_ body: (Int, JSONValue) -> Void) {
    guard isKind(CJSON_NODE_OBJECT) else { return }
    var name = index + 1
    while name < Int(node.next) {
      body(name, JSONValue(storage: storage, index: name + 1))
      name = Int(storage.nodes[name + 1].next)
    }
  }

  /// Where the minified text of a node stands.
  func textRange(_ index: Int) -> Range<Int> {
    Int(storage.nodes[index].start)..<Int(storage.nodes[index].end)
  }

  var isObject: Bool { isKind(CJSON_NODE_OBJECT) }

  private var isString: Bool { isKind(CJSON_NODE_STRING) }

  private var node: JSONStorage.Node { storage.nodes[index] }

  private func isKind(_ kind: Int) -> Bool { Int(node.kind) == kind }

  /// Where the decoded bytes of a string's node stand.
  private func decoded(_ node: JSONStorage.Node) -> Range<Int> {
    let start = Int(UInt32(truncatingIfNeeded: node.payload))
    return start..<start + Int(node.payload >> 32)
  }
}
