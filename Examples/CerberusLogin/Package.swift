// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "cerberus-login",
  dependencies: [.package(name: "sesame", path: "../..")],
  targets: [
    .executableTarget(
      name: "CerberusLogin",
      dependencies: [
        .product(name: "Sesame", package: "sesame"), .product(name: "SQLiteStore", package: "sesame"),
        .product(name: "Accounts", package: "sesame"), .product(name: "Cerberus", package: "sesame"),
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
