/// Simulates what the caches of many nodes do, and prints the tables of docs/scale.md.
@main struct ScaleSimulation {
  static func main() {
    print(Popularity.table(sessions: 1_000_000, requests: 4_000_000))
  }
}
