// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "sesame-benchmarks",
  dependencies: [.package(name: "sesame", path: "..")],
  targets: [
    .executableTarget(
      name: "SessionBenchmarks",
      dependencies: [
        .product(name: "SessionCore", package: "sesame"), .product(name: "MemoryStore", package: "sesame"),
      ],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
      ])
  ]
)
