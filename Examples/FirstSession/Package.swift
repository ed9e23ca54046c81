// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "first-session",
  dependencies: [.package(name: "sesame", path: "../..")],
  targets: [
    .executableTarget(
      name: "FirstSession",
      dependencies: [
        .product(name: "Sesame", package: "sesame"), .product(name: "SQLiteStore", package: "sesame"),
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
