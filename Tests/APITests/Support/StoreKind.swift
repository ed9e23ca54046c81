import MemoryStore
import SessionCore

/// The stores that every test of the interface runs on.
enum StoreKind: String, CaseIterable, Sendable {
  case memory

  func make() throws -> any SessionStore {
    switch self {
    case .memory: MemoryStore()
    }
  }
}
