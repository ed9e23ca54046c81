// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "session-model-sign-up",
  dependencies: [.package(name: "sesame", path: "../..")],
  targets: [
    .executableTarget(
      name: "SessionModelSignUp",
      dependencies: [
        .product(name: "Sesame", package: "sesame"), .product(name: "SessionModel", package: "sesame"),
        .product(name: "SQLiteStore", package: "sesame"),
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
