import JSON
public import SessionCore
import Synchronization

/// The node that serves the console, as it says of itself: to those who look, and to the other nodes on its store.
public final class ConsoleNode: Sendable {
  let version: String
  let store: String
  let coherence: Coherence?
  let started: Timestamp
  private let name: String
  private let host: String
  private let tasks: [(name: String, task: ExclusiveTask)]
  private let places = Mutex<[String]>([])

  /// A node.
  ///
  /// - Parameters:
  ///   - name: a name that no other node has.
  ///   - host: the machine's name.
  ///   - version: the program's version.
  ///   - store: its store for eyes, without passwords.
  ///   - coherence: how it hears of the other nodes' changes; `nil` if it is alone.
  ///   - tasks: the work that one node does for all, by name.
  ///   - started: since when it runs.
  public init(
    _ name: String, host: String, version: String, store: String, coherence: Coherence?,
    tasks: [(name: String, task: ExclusiveTask)], started: Timestamp
  ) {
    self.name = name
    self.host = host
    self.version = version
    self.store = store
    self.coherence = coherence
    self.tasks = tasks
    self.started = started
  }

  /// Where it can be reached, once it listens: "http://127.0.0.1:8080".
  public var addresses: [String] {
    get { places.withLock { $0 } }
    set { places.withLock { $0 = newValue } }
  }

  /// How it is now.
  public var sign: NodeSign {
    NodeSign(
      id: name, host: host, address: addresses.first ?? "", version: version, started: started,
      lanes: coherence?.laneCount ?? 0, held: coherence?.heldCount ?? 0, lag: coherence?.lastLag,
      tasks: tasks.filter { $0.task.isHeld }.map(\.name))
  }
}

extension ConsoleNode {
  /// Writes what only the node itself knows, as an object.
  func write(into json: inout JSONWriter) {
    json.beginObject()
    json.member("name", name)
    json.member("store", store)
    json.name("addresses")
    json.beginArray()
    for address in addresses { json.string(address) }
    json.endArray()
    if let coherence { json.member("lease_milliseconds", coherence.lease.milliseconds) }
    json.endObject()
  }
}

extension Neighbourhood.Node {
  /// Writes what is known of a node as an object.
  func write(into json: inout JSONWriter) {
    json.beginObject()
    json.member("id", sign.id)
    json.member("host", sign.host)
    json.member("address", sign.address)
    json.member("version", sign.version)
    json.member("started", sign.started)
    json.member("lanes", Int64(sign.lanes))
    json.member("lanes_held", Int64(sign.held))
    if let lag = sign.lag { json.member("lag_microseconds", lag) }
    json.name("tasks")
    json.beginArray()
    for task in sign.tasks { json.string(task) }
    json.endArray()
    json.member("state", state.rawValue)
    json.member("heard", heard)
    json.member("own", isOwn)
    json.endObject()
  }
}
