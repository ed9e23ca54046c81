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

/// A Swift target of the layer that its folder names.
func target(_ name: String, in layer: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/\(layer)/\(name)", swiftSettings: strict)
}

/// A test target of the folder of the same name.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", resources: resources, swiftSettings: strict)
}

let sqlite: TargetDependencyCondition? = .when(traits: ["SQLite"])

let package = Package(
  name: "sesame",
  products: [
    .library(name: "Sesame", targets: ["Sesame"]),
    .library(name: "SessionCore", targets: ["SessionCore"]),
    .library(name: "MemoryStore", targets: ["MemoryStore"]),
    .library(name: "SQLiteStore", targets: ["SQLiteStore"]),
    .library(name: "HTTPServer", targets: ["HTTPMessages", "HTTPRouting", "HTTPServer"]),
    .library(name: "SessionTesting", targets: ["SessionTesting"]),
    .library(name: "HTTPTesting", targets: ["HTTPTesting"]),
    .executable(name: "sesame", targets: ["sesame"]),
  ],
  traits: [
    .trait(name: "SQLite", description: "The embedded store, kept in one file by SQLite."),
    .default(enabledTraits: ["SQLite"]),
  ],
  targets: [
    .systemLibrary(
      name: "CSQLite", path: "Sources/C/CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CCrypto", path: "Sources/C/CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(
      name: "CHTTPEngine", path: "Sources/C/CHTTPEngine",
      linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .target(name: "CJSON", path: "Sources/C/CJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CTOML", path: "Sources/C/CTOML", linkerSettings: [.linkedLibrary("tomlplusplus")]),

    target("Cryptography", in: "Core", ["CCrypto"]),
    target("JSON", in: "Core", ["CJSON"]),
    target("SessionCore", in: "Core", ["Cryptography", "JSON"]),

    target("BlockingIO", in: "Drivers"),
    target("SQLiteDriver", in: "Drivers", ["CSQLite"]),

    target("MemoryStore", in: "Stores", ["SessionCore"]),
    target("SQLiteStore", in: "Stores", ["SessionCore", "JSON", "SQLiteDriver", "BlockingIO"]),

    target("HTTPMessages", in: "HTTP"),
    target("HTTPRouting", in: "HTTP", ["HTTPMessages", "JSON"]),
    target("HTTPServer", in: "HTTP", ["HTTPMessages", "CHTTPEngine"]),

    target("DialectKit", in: "Dialects", ["SessionCore", "HTTPMessages", "HTTPRouting", "JSON"]),
    target("SessionsV1", in: "Dialects", ["DialectKit", "SessionCore", "HTTPMessages", "HTTPRouting", "JSON"]),

    target("Log", in: "Service", ["JSON", "SessionCore"]),
    target("Metrics", in: "Service"),
    target("Configuration", in: "Service", ["CTOML", "HTTPMessages", "SessionCore"]),
    target(
      "SesameAPI", in: "Service",
      ["DialectKit", "SessionCore", "Cryptography", "HTTPMessages", "HTTPRouting", "JSON"]),
    target(
      "Sesame", in: "Service",
      [
        "SessionCore", "Cryptography", "JSON", "MemoryStore", .target(name: "SQLiteStore", condition: sqlite),
        "HTTPMessages", "HTTPRouting", "HTTPServer", "DialectKit", "SessionsV1", "SesameAPI", "Configuration", "Log",
        "Metrics",
      ]),
    .executableTarget(
      name: "sesame", dependencies: ["Sesame"], path: "Sources/Service/sesame", swiftSettings: strict),

    target("SessionTesting", in: "Testing", ["SessionCore", "JSON"]),
    target("HTTPTesting", in: "Testing", ["HTTPMessages"]),

    tests("CryptographyTests", ["Cryptography"]),
    tests("JSONTests", ["JSON"]),
    tests("SessionCoreTests", ["SessionCore", "JSON", "Cryptography", "MemoryStore", "SessionTesting"]),
    tests("SQLiteDriverTests", ["SQLiteDriver", "BlockingIO"]),
    tests(
      "StoreTests",
      [
        "SessionCore", "JSON", "SessionTesting", "MemoryStore", .target(name: "SQLiteStore", condition: sqlite),
        .target(name: "SQLiteDriver", condition: sqlite),
      ]),
    tests("HTTPServerTests", ["HTTPServer", "HTTPMessages", "HTTPTesting"]),
    tests("HTTPRoutingTests", ["HTTPRouting", "HTTPMessages", "HTTPTesting", "JSON"]),
    tests(
      "APITests",
      [
        "SesameAPI", "SessionsV1", "DialectKit", "HTTPRouting", "HTTPMessages", "JSON", "SessionCore", "Cryptography",
        "SessionTesting", "HTTPTesting", "MemoryStore", .target(name: "SQLiteStore", condition: sqlite),
      ]),
    tests("ServiceTests", ["Configuration", "HTTPMessages", "Log", "Metrics", "SessionCore", "JSON"]),
    tests("SesameTests", ["Sesame", "SessionCore", "HTTPTesting", "JSON", "Configuration"]),
  ],
  cxxLanguageStandard: .cxx20
)
