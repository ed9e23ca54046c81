/// JSON Merge Patch (RFC 7396).
public enum JSONMergePatch {
  /// The target after the patch; `nil` stands for `null`, as a patch and as what is left.
  ///
  /// A target that is `nil`, or not JSON, counts as absent. Members keep the target's order, new ones follow in the
  /// patch's. What the target already held is not bounded again: the caller bounds the result.
  public static func apply(_ patch: JSONValue, to target: JSONText?) -> JSONText? {
    if patch.isNull { return nil }
    guard patch.isObject else { return patch.text }
    var output: [UInt8] = []
    output.reserveCapacity((target?.bytes.count ?? 0) + patch.text.bytes.count)
    merge(patch, into: (try? target?.document())?.root, &output)
    return JSONText(uncheckedMinified: output)
  }

  /// Writes the object that `patch`, an object, makes of `target`; goes as deep as the patch, whose depth is bounded.
  private static func merge(_ patch: JSONValue, into target: JSONValue?, _ output: inout [UInt8]) {
    var changes: [[UInt8]: JSONValue] = [:]
    patch.forEachMember { name, change in changes[bytes(of: name, in: patch)] = change }
    var isFirst = true
    output.append(UInt8(ascii: "{"))
    target?.forEachMember { name, value in
      guard let target else { return }
      guard let change = changes.removeValue(forKey: bytes(of: name, in: target)) else {
        write(name, of: target, &isFirst, &output)
        output.append(contentsOf: value.text.bytes)
        return
      }
      if !change.isNull {
        write(name, of: target, &isFirst, &output)
        write(change, over: value, &output)
      }
    }
    patch.forEachMember { name, change in
      guard !change.isNull, changes[bytes(of: name, in: patch)] != nil else { return }
      write(name, of: patch, &isFirst, &output)
      write(change, over: nil, &output)
    }
    output.append(UInt8(ascii: "}"))
  }

  private static func write(_ change: JSONValue, over value: JSONValue?, _ output: inout [UInt8]) {
    if change.isObject {
      merge(change, into: value, &output)
    } else {
      output.append(contentsOf: change.text.bytes)
    }
  }

  private static func write(_ name: Int, of object: JSONValue, _ isFirst: inout Bool, _ output: inout [UInt8]) {
    if !isFirst { output.append(UInt8(ascii: ",")) }
    isFirst = false
    output.append(contentsOf: object.storage.bytes[object.textRange(name)])
    output.append(UInt8(ascii: ":"))
  }

  private static func bytes(of name: Int, in object: JSONValue) -> [UInt8] {
    JSONValue(storage: object.storage, index: name).utf8String ?? []
  }
}
