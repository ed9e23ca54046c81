// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// A product of Sesame.
func sesame(_ name: String) -> Target.Dependency { .product(name: name, package: "sesame") }

let package = Package(
  name: "sesame-benchmarks",
  dependencies: [.package(name: "sesame", path: "..")],
  targets: [
    .target(name: "CCounters"),
    .target(name: "Workload", dependencies: [sesame("SessionCore")], swiftSettings: strict),
    .executableTarget(
      name: "SessionBenchmarks",
      dependencies: [
        "CCounters", "Workload", sesame("SessionCore"), sesame("Accounts"), sesame("MemoryStore"),
        sesame("SQLiteStore"), sesame("SesameAPI"), sesame("HTTPTesting"),
      ],
      swiftSettings: strict),
    .executableTarget(name: "ScaleSimulation", swiftSettings: strict),
    .executableTarget(
      name: "StoreSizes",
      dependencies: [
        "Workload", sesame("SessionCore"), sesame("SQLiteStore"), sesame("PostgreSQLStore"), sesame("RedisStore"),
        sesame("MongoStore"),
      ],
      swiftSettings: strict),
  ]
)
