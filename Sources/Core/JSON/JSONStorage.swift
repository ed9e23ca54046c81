import CJSON

/// What the values of one document share: the nodes in the order of the text, the minified text, and behind it the
/// decoded bytes of the strings that hold escapes.
final class JSONStorage: Sendable {
  let nodes: [Node]
  let bytes: [UInt8]
  let textLength: Int

  /// One value of the text.
  struct Node: Sendable {
    var start: UInt32
    var end: UInt32
    var next: UInt32
    var kind: UInt32
    var payload: UInt64
  }

  init(nodes: [Node], bytes: [UInt8], textLength: Int) {
    self.nodes = nodes
    self.bytes = bytes
    self.textLength = textLength
  }

  /// Reads a text in one call of the parser, and copies what it found out of the thread's storage.
  static func parse(_ text: UnsafeRawBufferPointer, limits: JSONLimits) throws(JSONError) -> JSONStorage {
    guard text.count <= limits.maximumBytes else {
      throw JSONError(.size, "The JSON text is longer than \(limits.maximumBytes) bytes")
    }
    var result = unsafe cjson_result()
    unsafe cjson_parse(
      text.baseAddress?.assumingMemoryBound(to: UInt8.self), text.count, max(0, limits.maximumDepth), &result)
    guard unsafe result.status == CJSON_VALID else {
      throw unsafe refusal(
        result.status, fault: result.fault < 0 ? nil : Int(exactly: result.fault), text: text, limits: limits)
    }
    let found = unsafe UnsafeBufferPointer(start: result.nodes, count: result.node_count)
    let nodes = unsafe [Node](unsafeUninitializedCapacity: found.count) { target, count in
      for index in 0..<found.count {
        let node = unsafe found[index]
        unsafe target.initializeElement(
          at: index,
          to: Node(start: node.start, end: node.end, next: node.next, kind: node.kind, payload: node.payload))
      }
      count = found.count
    }
    let total = unsafe result.text_length + result.decoded_length
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: total) { target, count in
      let minified = unsafe UnsafeBufferPointer(start: result.text, count: result.text_length)
      let decoded = unsafe UnsafeBufferPointer(start: result.decoded, count: result.decoded_length)
      let rest = unsafe UnsafeMutableBufferPointer(rebasing: target[result.text_length...])
      _ = unsafe target.update(fromContentsOf: minified)
      _ = unsafe rest.update(fromContentsOf: decoded)
      count = total
    }
    return unsafe JSONStorage(nodes: nodes, bytes: bytes, textLength: result.text_length)
  }

  private static func refusal(
    _ status: cjson_status, fault: Int?, text: UnsafeRawBufferPointer, limits: JSONLimits
  ) -> JSONError {
    switch status {
    case CJSON_EMPTY: JSONError(.empty, "A JSON text was expected, but there is none")
    case CJSON_ENCODING where fault == 0:
      JSONError(.encoding, "The JSON text begins with a byte order mark, which is not allowed", offset: 0)
    case CJSON_ENCODING: unsafe JSONError(.encoding, "The JSON text is not valid UTF-8", offset: brokenCharacter(text))
    case CJSON_SIZE: JSONError(.size, "The JSON text is too long")
    case CJSON_DEPTH:
      JSONError(
        .depth, "The JSON text has more than \(min(limits.maximumDepth, Int(CJSON_DEPTH_CEILING))) levels",
        offset: fault)
    case CJSON_DUPLICATE_NAME: JSONError(.duplicateName, "The JSON text has a name twice in one object", offset: fault)
    case CJSON_NUMBER:
      JSONError(.number, "The JSON text has a number that is malformed or out of range", offset: fault)
    case CJSON_STRING:
      JSONError(
        .syntax, "The JSON text has a string that is unfinished, or holds a control character or a wrong escape")
    default: JSONError(.syntax, "The text is not valid JSON", offset: fault)
    }
  }

  /// Where the first character is that is not UTF-8.
  private static func brokenCharacter(_ text: UnsafeRawBufferPointer) -> Int? {
    do {
      let bytes = unsafe text.bindMemory(to: UInt8.self)
      _ = unsafe try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}
