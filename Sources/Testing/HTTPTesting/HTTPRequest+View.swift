public import HTTPMessages

extension HTTPRequest {
  /// Calls `body` with the request laid out in buffers, as a server's fast path sees it.
  public func withView<Result>(_ body: (borrowing HTTPRequestView) -> Result) -> Result {
    var bytes = path
    if let query { bytes += [0x3F] + query }
    let target = 0..<bytes.count
    var places: [(name: Range<Int>, value: Range<Int>)] = []
    for field in fields {
      let start = bytes.count
      bytes += field.name + field.value
      places.append((start..<start + field.name.count, start + field.name.count..<bytes.count))
    }
    let content = bytes.count..<bytes.count + self.body.count
    bytes += self.body
    return unsafe bytes.withUnsafeBytes { all in
      let start = unsafe all.baseAddress?.assumingMemoryBound(to: UInt8.self)
      let slices = places.map { place in
        unsafe HTTPRequestView.FieldSlice(
          name: start.map { unsafe $0 + place.name.lowerBound }, nameLength: place.name.count,
          value: start.map { unsafe $0 + place.value.lowerBound }, valueLength: place.value.count)
      }
      return unsafe slices.withUnsafeBufferPointer { fields in
        let view = unsafe HTTPRequestView(
          method: method, target: UnsafeRawBufferPointer(rebasing: all[target]), fields: fields,
          body: UnsafeRawBufferPointer(rebasing: all[content]), peer: peer, isSecure: isSecure)
        return body(view)
      }
    }
  }
}
