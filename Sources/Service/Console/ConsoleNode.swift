import JSON
public import SessionCore
import Synchronization

/// What the console says of the node that serves it.
public final class ConsoleNode: Sendable {
  let version: String
  let store: String
  let coherence: Coherence?
  let started: Timestamp
  private let name: String
  private let tasks: [(name: String, task: ExclusiveTask)]
  private let places = Mutex<[String]>([])

  /// A node.
  ///
  /// - Parameters:
  ///   - name: a name that no other node has.
  ///   - version: the program's version.
  ///   - store: its store for eyes, without passwords.
  ///   - coherence: how it hears of the other nodes' changes; `nil` if it is alone.
  ///   - tasks: the work that one node does for all, by name.
  ///   - started: since when it runs.
  public init(
    _ name: String, version: String, store: String, coherence: Coherence?,
    tasks: [(name: String, task: ExclusiveTask)], started: Timestamp
  ) {
    self.name = name
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
}

extension ConsoleNode {
  /// Writes what is said of the node as an object.
  func write(into json: inout JSONWriter) {
    json.beginObject()
    json.member("name", name)
    json.member("version", version)
    json.member("started", started)
    json.member("store", store)
    json.name("addresses")
    json.beginArray()
    for address in addresses { json.string(address) }
    json.endArray()
    if let coherence {
      json.member("lanes", Int64(coherence.laneCount))
      json.member("lanes_held", Int64(coherence.heldCount))
      json.member("lease_milliseconds", coherence.lease.milliseconds)
    }
    json.name("tasks")
    json.beginArray()
    for (name, task) in tasks {
      json.beginObject()
      json.member("name", name)
      json.member("held", task.isHeld)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}
