/// First in, first out, each step in constant time on average.
struct Queue<Element> {
  private var elements: [Element?] = []
  private var start = 0

  var count: Int { elements.count - start }
  var isEmpty: Bool { start == elements.count }
  var first: Element? { isEmpty ? nil : elements[start] }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard start < elements.count else { return nil }
    let element = elements[start]
    elements[start] = nil
    start += 1
    if start == elements.count {
      elements.removeAll(keepingCapacity: start <= 4096)
      start = 0
    } else if start >= 1024, start > elements.count / 2 {
      elements.removeSubrange(..<start)
      start = 0
    }
    return element
  }

  /// Takes everything, in order.
  mutating func removeAll() -> [Element] {
    let rest = elements[start...].compactMap { $0 }
    elements = []
    start = 0
    return rest
  }

  func forEach(_ body: (Element) -> Void) {
    for index in start..<elements.count {
      if let element = elements[index] { body(element) }
    }
  }
}
