import SessionCore
import Synchronization

/// The lanes between nodes that share a store in this process.
///
/// Each node hears each lane in order; the calls of one lane come one after another, whichever task sends.
final class SharedChannel: Sendable {
  private enum Item {
    case opened
    case closed
    case note(ChangeNote)
  }

  /// One lane as one node hears it.
  private struct Line {
    var isConnected = true
    var isDelivering = false
    var items: [Item] = []
    /// The last notes that were sent along it, for those that are sent twice.
    var history: [ChangeNote] = []
  }

  private struct Node {
    var listeners: [Int: any ChangeListener] = [:]
    var lines: [Line]
  }

  private struct State {
    var nodes: [Node] = []
    var isHeld = false
    var lastListener = 0
  }

  private static let memory = 16
  private let laneCount: Int
  private let state = Mutex(State())

  private let distort: (@Sendable (ChangeNote, Int) -> [(ChangeNote, Int)])?

  /// A channel of so many lanes, along which every note goes as it is, or as `distort` makes it.
  init(lanes: Int, distort: (@Sendable (ChangeNote, Int) -> [(ChangeNote, Int)])?) {
    laneCount = lanes
    self.distort = distort
  }

  func addNode() -> Int {
    state.withLock { state in
      state.nodes.append(Node(lines: Array(repeating: Line(), count: laneCount)))
      return state.nodes.count - 1
    }
  }

  // MARK: Sending

  /// Sends a note to every node that hears the lane.
  func send(_ note: ChangeNote, along lane: Int) {
    guard let distort else { return pass(note, along: lane) }
    for (note, lane) in distort(note, lane) { pass(note, along: lane) }
  }

  private func pass(_ note: ChangeNote, along lane: Int) {
    guard (0..<laneCount).contains(lane) else { return }
    let nodes = state.withLock { state in
      for index in state.nodes.indices where state.nodes[index].lines[lane].isConnected {
        guard !state.nodes[index].listeners.isEmpty else { continue }
        state.nodes[index].lines[lane].items.append(.note(note))
        state.nodes[index].lines[lane].history.append(note)
        if state.nodes[index].lines[lane].history.count > Self.memory {
          state.nodes[index].lines[lane].history.removeFirst()
        }
      }
      return state.nodes.count
    }
    for node in 0..<nodes { flow(to: node, along: lane) }
  }

  /// Has a listener hear all lanes until the task is cancelled.
  func follow(_ listener: any ChangeListener, node: Int) async {
    let number = state.withLock { state in
      state.lastListener += 1
      state.nodes[node].listeners[state.lastListener] = listener
      for lane in 0..<laneCount where state.nodes[node].lines[lane].isConnected {
        state.nodes[node].lines[lane].items.append(.opened)
      }
      return state.lastListener
    }
    for lane in 0..<laneCount { flow(to: node, along: lane) }
    let (forever, end) = AsyncStream.makeStream(of: Never.self)
    for await _ in forever {}
    withExtendedLifetime(end) {}
    state.withLock { $0.nodes[node].listeners[number] = nil }
  }

  // MARK: Hearing

  private func flow(to node: Int, along lane: Int) {
    while state.withLock({ !$0.isHeld }), deliver(to: node, along: lane) {}
  }

  func deliver(to node: Int, along lane: Int) -> Bool {
    let next: (Item, [any ChangeListener])? = state.withLock { state in
      guard !state.nodes[node].lines[lane].isDelivering, !state.nodes[node].lines[lane].items.isEmpty else {
        return nil
      }
      state.nodes[node].lines[lane].isDelivering = true
      return (state.nodes[node].lines[lane].items.removeFirst(), Array(state.nodes[node].listeners.values))
    }
    guard let (item, listeners) = next else { return false }
    for listener in listeners {
      switch item {
      case .opened: listener.laneOpened(lane)
      case .closed: listener.laneClosed(lane)
      case .note(let note): listener.heard(note, along: lane)
      }
    }
    state.withLock { $0.nodes[node].lines[lane].isDelivering = false }
    return true
  }

  // MARK: Controls

  func hold() { state.withLock { $0.isHeld = true } }

  func release() {
    let nodes = state.withLock { state in
      state.isHeld = false
      return state.nodes.count
    }
    for node in 0..<nodes { for lane in 0..<laneCount { flow(to: node, along: lane) } }
  }

  func waiting(for node: Int, along lane: Int) -> Int { state.withLock { $0.nodes[node].lines[lane].items.count } }

  func disconnect(_ node: Int, along lane: Int, keeping kept: Int) {
    state.withLock { state in
      guard state.nodes[node].lines[lane].isConnected else { return }
      state.nodes[node].lines[lane].isConnected = false
      let items = state.nodes[node].lines[lane].items.prefix(max(0, kept))
      state.nodes[node].lines[lane].items = items + [.closed]
    }
    flow(to: node, along: lane)
  }

  func reconnect(_ node: Int, along lane: Int) {
    state.withLock { state in
      guard !state.nodes[node].lines[lane].isConnected else { return }
      state.nodes[node].lines[lane].isConnected = true
      state.nodes[node].lines[lane].items.append(.opened)
    }
    flow(to: node, along: lane)
  }

  func repeatNotes(_ count: Int, to node: Int, along lane: Int) {
    state.withLock { state in
      guard state.nodes[node].lines[lane].isConnected else { return }
      for note in state.nodes[node].lines[lane].history.suffix(count) {
        state.nodes[node].lines[lane].items.append(.note(note))
      }
    }
    flow(to: node, along: lane)
  }
}
