import Synchronization

/// Bounds how many log-ins by password are under way at once on this node, all together and from each network.
///
/// Whoever comes beyond that is sent away before anything is read or written. The bound of a network keeps one from
/// taking the places of all others.
final class LoginPlaces: Sendable {
  /// What became of asking for a place.
  enum Place {
    /// It is taken, and to be given back.
    case taken
    /// The network has as many as it may.
    case tooManyOfOne
    /// All are taken.
    case full
  }

  private struct State {
    var count = 0
    var networks: [String: Int] = [:]
  }

  private let limit: Int
  private let limitOfOne: Int
  private let state = Mutex(State())

  init(limit: Int, limitOfOne: Int) {
    self.limit = max(1, limit)
    self.limitOfOne = max(1, limitOfOne)
  }

  func take(_ network: String) -> Place {
    state.withLock { state in
      let own = state.networks[network] ?? 0
      guard own < limitOfOne else { return .tooManyOfOne }
      guard state.count < limit else { return .full }
      state.count += 1
      state.networks[network] = own + 1
      return .taken
    }
  }

  func giveBack(_ network: String) {
    state.withLock { state in
      guard let own = state.networks[network] else { return }
      state.count -= 1
      state.networks[network] = own > 1 ? own - 1 : nil
    }
  }
}
