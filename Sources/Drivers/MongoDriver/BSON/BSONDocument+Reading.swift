extension BSONDocument {
  /// The value of the first element of that name; `nil` if there is none.
  ///
  /// Costs a walk to its place; to read many, take ``members``.
  public subscript(name: String) -> BSONValue? {
    var reader = BSONReader(bytes, from: 4, to: bytes.count)
    while let element = try? reader.nextPlace() {
      guard bytes[element.name].elementsEqual(name.utf8) else { continue }
      var value = BSONReader(bytes, from: element.start, to: bytes.count)
      return try? value.value(element.kind)
    }
    return nil
  }

  /// The elements, in order.
  public var elements: [(name: String, value: BSONValue)] {
    var reader = BSONReader(bytes, from: 4, to: bytes.count)
    var elements: [(name: String, value: BSONValue)] = []
    while let element = try? reader.next() {
      elements.append((String(decoding: bytes[element.name], as: UTF8.self), element.value))
    }
    return elements
  }

  /// The members, to be read by name, one after the other.
  public var members: BSONMembers { BSONMembers(self) }
}

/// A document's members by name, for a reader that asks for them in about the order in which they were written: then
/// each is found where the last one ended.
public struct BSONMembers {
  private let bytes: [UInt8]
  private var places: [(name: Range<Int>, kind: UInt8, start: Int)] = []
  private var next = 0

  init(_ document: BSONDocument) {
    bytes = document.bytes
    places.reserveCapacity(32)
    var reader = BSONReader(bytes, from: 4, to: bytes.count)
    while let place = try? reader.nextPlace() { places.append(place) }
  }

  /// The value of that name; `nil` if there is none.
  public subscript(name: String) -> BSONValue? {
    mutating get {
      for offset in places.indices {
        let index = next + offset < places.count ? next + offset : next + offset - places.count
        guard bytes[places[index].name].elementsEqual(name.utf8) else { continue }
        next = index + 1
        var reader = BSONReader(bytes, from: places[index].start, to: bytes.count)
        return try? reader.value(places[index].kind)
      }
      return nil
    }
  }

  /// The bytes of the text of that name; `nil` if there is none.
  public mutating func utf8(_ name: String) -> [UInt8]? {
    self[name]?.text.map { Array($0.utf8) }
  }
}
