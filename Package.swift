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

/// A test target of the folder of the same name; `data` is what in it is no source.
func tests(_ name: String, _ dependencies: [Target.Dependency], data: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: data, swiftSettings: strict)
}

let sqlite: TargetDependencyCondition? = .when(traits: ["SQLite"])
let postgreSQL: TargetDependencyCondition? = .when(traits: ["PostgreSQL"])
let redis: TargetDependencyCondition? = .when(traits: ["Redis"])
let mongoDB: TargetDependencyCondition? = .when(traits: ["MongoDB"])

let package = Package(
  name: "sesame",
  products: [
    .library(name: "Sesame", targets: ["Sesame"]),
    .library(name: "SessionCore", targets: ["SessionCore"]),
    .library(name: "MemoryStore", targets: ["MemoryStore"]),
    .library(name: "SQLiteStore", targets: ["SQLiteStore"]),
    .library(name: "PostgreSQLStore", targets: ["PostgreSQLStore"]),
    .library(name: "RedisStore", targets: ["RedisStore"]),
    .library(name: "MongoStore", targets: ["MongoStore"]),
    .library(name: "Accounts", targets: ["Accounts", "PasswordHashing", "IdentityTokens"]),
    .library(name: "Cerberus", targets: ["Cerberus"]),
    .library(name: "SessionModel", targets: ["SessionModel", "HTTPMessages"]),
    .library(name: "HTTPServer", targets: ["HTTPMessages", "HTTPRouting", "HTTPServer"]),
    .library(name: "SesameAPI", targets: ["SesameAPI", "DialectKit", "HTTPMessages", "HTTPRouting"]),
    .library(name: "Configuration", targets: ["Configuration"]),
    .library(name: "SessionTesting", targets: ["SessionTesting"]),
    .library(name: "HTTPTesting", targets: ["HTTPTesting"]),
    .library(name: "DialectTesting", targets: ["DialectTesting"]),
    .executable(name: "sesame", targets: ["sesame"]),
  ],
  traits: [
    .trait(name: "SQLite", description: "The embedded store, kept in one file by SQLite."),
    .trait(name: "PostgreSQL", description: "A shared store in PostgreSQL."),
    .trait(name: "Redis", description: "A shared store in Redis or Valkey, one server or a Cluster."),
    .trait(name: "MongoDB", description: "A shared store in MongoDB."),
    .default(enabledTraits: ["SQLite"]),
  ],
  targets: [
    .systemLibrary(
      name: "CSQLite", path: "Sources/C/CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CPostgreSQL", path: "Sources/C/CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    // Without pkg-config, whose flags for hiredis SwiftPM does not allow.
    .systemLibrary(name: "CHiredis", path: "Sources/C/CHiredis", providers: [.apt(["libhiredis-dev"])]),
    .systemLibrary(
      name: "CMongoC", path: "Sources/C/CMongoC", pkgConfig: "libmongoc-1.0", providers: [.apt(["libmongoc-dev"])]),
    .systemLibrary(
      name: "CCrypto", path: "Sources/C/CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CArgon2", path: "Sources/C/CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(
      name: "CCrypt", path: "Sources/C/CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
    .systemLibrary(name: "CMalloc", path: "Sources/C/CMalloc"),
    .systemLibrary(name: "CProcess", path: "Sources/C/CProcess"),
    .systemLibrary(name: "CThread", path: "Sources/C/CThread"),
    .systemLibrary(
      name: "CCurl", path: "Sources/C/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(
      name: "CHTTPEngine", path: "Sources/C/CHTTPEngine",
      linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .target(name: "CJSON", path: "Sources/C/CJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(
      name: "CCommonPasswords", path: "Sources/C/CCommonPasswords",
      exclude: ["common-passwords.txt", "LICENSES.txt"]),
    .target(name: "CConsole", path: "Sources/C/CConsole", exclude: ["pages"]),
    .target(name: "CTOML", path: "Sources/C/CTOML", linkerSettings: [.linkedLibrary("tomlplusplus")]),

    target("Cryptography", in: "Core", ["CCrypto"]),
    target("JSON", in: "Core", ["CJSON"]),
    target("SessionCore", in: "Core", ["Cryptography", "JSON"]),

    target("BlockingIO", in: "Drivers", ["CThread"]),
    target("SQLiteDriver", in: "Drivers", ["CSQLite"]),
    target("PostgreSQLDriver", in: "Drivers", ["CPostgreSQL", "BlockingIO"]),
    target("RedisDriver", in: "Drivers", ["CHiredis", "BlockingIO"]),
    target("MongoDriver", in: "Drivers", ["CMongoC", "BlockingIO"]),
    target("HTTPClient", in: "Drivers", ["CCurl", "BlockingIO"]),

    target("PasswordHashing", in: "Accounts", ["CArgon2", "CCrypt", "CCommonPasswords", "Cryptography", "BlockingIO"]),
    target("IdentityTokens", in: "Accounts", ["Cryptography", "JSON", "SessionCore"]),
    target("Accounts", in: "Accounts", ["SessionCore", "JSON", "Cryptography"]),

    target("MemoryStore", in: "Stores", ["SessionCore", "Accounts"]),
    target("SQLiteStore", in: "Stores", ["SessionCore", "Accounts", "JSON", "SQLiteDriver", "BlockingIO"]),
    target("PostgreSQLStore", in: "Stores", ["SessionCore", "Accounts", "JSON", "PostgreSQLDriver"]),
    target("RedisStore", in: "Stores", ["SessionCore", "Accounts", "JSON", "RedisDriver"]),
    target("MongoStore", in: "Stores", ["SessionCore", "Accounts", "JSON", "MongoDriver"]),

    target("HTTPMessages", in: "HTTP"),
    target("HTTPRouting", in: "HTTP", ["HTTPMessages", "JSON"]),
    target("HTTPServer", in: "HTTP", ["HTTPMessages", "CHTTPEngine"]),

    target("DialectKit", in: "Dialects", ["SessionCore", "Accounts", "HTTPMessages", "HTTPRouting", "JSON"]),
    target(
      "SessionsV1", in: "Dialects", ["DialectKit", "SessionCore", "Accounts", "HTTPMessages", "HTTPRouting", "JSON"]),

    target(
      "Cerberus", in: "Dialects",
      ["DialectKit", "SessionCore", "Accounts", "IdentityTokens", "HTTPMessages", "HTTPRouting", "JSON"]),
    target(
      "SessionModel", in: "Dialects",
      ["DialectKit", "SessionCore", "Accounts", "Cryptography", "HTTPMessages", "HTTPRouting", "JSON"]),
    target(
      "SessionService", in: "Dialects",
      ["DialectKit", "SessionCore", "Accounts", "HTTPMessages", "HTTPRouting", "JSON"]),
    target(
      "Memento", in: "Dialects", ["DialectKit", "SessionCore", "Accounts", "HTTPMessages", "HTTPRouting", "JSON"]),

    target("Commands", in: "Service"),
    target("Terminal", in: "Service"),
    target(
      "Administration", in: "Service",
      ["Commands", "Terminal", "Configuration", "HTTPClient", "Moving", "Accounts", "SessionCore", "JSON"]),
    target("Log", in: "Service", ["JSON", "SessionCore"]),
    target("Metrics", in: "Service"),
    target(
      "Configuration", in: "Service", ["CTOML", "Commands", "HTTPMessages", "HTTPRouting", "SessionCore", "Accounts"]),
    target(
      "SesameAPI", in: "Service",
      [
        "DialectKit", "SessionCore", "Accounts", "IdentityTokens", "Cryptography", "HTTPMessages", "HTTPRouting",
        "JSON",
      ]),
    target(
      "Gateway", in: "Service",
      ["DialectKit", "SessionCore", "Accounts", "IdentityTokens", "HTTPMessages", "HTTPRouting"]),
    target(
      "Console", in: "Service",
      [
        "CConsole", "SesameAPI", "Configuration", "DialectKit", "SessionCore", "Accounts", "Cryptography",
        "HTTPMessages", "HTTPRouting", "JSON",
      ]),
    target(
      "Webhooks", in: "Service", ["SessionCore", "Cryptography", "JSON", "Log", "Metrics"]),
    target("Moving", in: "Service", ["SessionCore", "Cryptography", "JSON", "Accounts", "PasswordHashing"]),
    // The load scripts are part of the program, so that it runs them wherever it is.
    .target(
      name: "Benchmarking", dependencies: ["Commands", "SessionCore", "JSON"], path: "Sources/Service/Benchmarking",
      resources: [
        .embedInCode("Lua/report.lua"), .embedInCode("Lua/verify.lua"), .embedInCode("Lua/open.lua"),
        .embedInCode("Lua/once.lua"),
      ], swiftSettings: strict),
    target(
      "Sesame", in: "Service",
      [
        "SessionCore", "Cryptography", "JSON", "Accounts", "PasswordHashing", "IdentityTokens", "HTTPClient",
        "BlockingIO", "MemoryStore", .target(name: "SQLiteStore", condition: sqlite),
        .target(name: "PostgreSQLStore", condition: postgreSQL), .target(name: "RedisStore", condition: redis),
        .target(name: "MongoStore", condition: mongoDB), "HTTPMessages", "HTTPRouting", "HTTPServer", "DialectKit",
        "SessionsV1", "Cerberus", "SessionModel", "SessionService", "Memento", "SesameAPI", "Gateway", "Console",
        "Webhooks", "Administration", "Benchmarking", "Commands", "Configuration", "Log", "Metrics", "Moving",
        "Terminal", "CMalloc", "CProcess", .target(name: "SQLiteDriver", condition: sqlite),
        .target(name: "RedisDriver", condition: redis), .target(name: "MongoDriver", condition: mongoDB),
      ]),
    .executableTarget(
      name: "sesame", dependencies: ["Sesame"], path: "Sources/Service/sesame", swiftSettings: strict),

    target("SessionTesting", in: "Testing", ["SessionCore", "Accounts", "JSON"]),
    target("HTTPTesting", in: "Testing", ["HTTPMessages"]),
    target(
      "DialectTesting", in: "Testing", ["SessionTesting", "SessionCore", "HTTPMessages", "HTTPRouting", "JSON"]),
    target("IdentityTesting", in: "Testing", ["Cryptography", "JSON", "IdentityTokens", "HTTPTesting"]),

    tests("CryptographyTests", ["Cryptography"]),
    tests("JSONTests", ["JSON"]),
    tests("SessionCoreTests", ["SessionCore", "JSON", "Cryptography", "MemoryStore", "SessionTesting"]),
    tests("SimulationTests", ["SessionCore", "Cryptography", "MemoryStore", "SessionTesting"]),
    tests(
      "HTTPClientTests",
      ["HTTPClient", "HTTPTesting", "IdentityTokens", "IdentityTesting", "SessionCore", "SessionTesting"]),
    tests("PasswordHashingTests", ["PasswordHashing", "Cryptography"]),
    tests(
      "IdentityTokensTests",
      ["IdentityTokens", "Cryptography", "JSON", "SessionCore", "SessionTesting", "IdentityTesting"]),
    tests(
      "AccountsTests",
      ["Accounts", "SessionCore", "JSON", "Cryptography", "MemoryStore", "SessionTesting"]),
    tests("SQLiteDriverTests", ["SQLiteDriver", "BlockingIO"]),
    tests(
      "ServerDriverTests",
      [
        "BlockingIO", .target(name: "PostgreSQLDriver", condition: postgreSQL),
        .target(name: "RedisDriver", condition: redis), .target(name: "MongoDriver", condition: mongoDB),
      ]),
    tests(
      "StoreTests",
      [
        "SessionCore", "Accounts", "JSON", "SessionTesting", "MemoryStore",
        .target(name: "SQLiteStore", condition: sqlite), .target(name: "SQLiteDriver", condition: sqlite),
        .target(name: "PostgreSQLStore", condition: postgreSQL),
        .target(name: "PostgreSQLDriver", condition: postgreSQL), .target(name: "RedisStore", condition: redis),
        .target(name: "RedisDriver", condition: redis), .target(name: "MongoStore", condition: mongoDB),
        .target(name: "MongoDriver", condition: mongoDB),
      ]),
    tests("HTTPServerTests", ["HTTPServer", "HTTPMessages", "HTTPTesting"]),
    tests("HTTPRoutingTests", ["HTTPRouting", "HTTPMessages", "HTTPTesting", "JSON"]),
    tests(
      "APITests",
      [
        "SesameAPI", "Console", "Configuration", "Gateway", "SessionsV1", "Cerberus", "SessionModel", "SessionService",
        "Memento", "DialectKit", "HTTPRouting", "HTTPMessages", "JSON", "SessionCore",
        "Accounts", "IdentityTokens", "Cryptography", "SessionTesting", "DialectTesting", "HTTPTesting", "MemoryStore",
        .target(name: "SQLiteStore", condition: sqlite),
        .target(name: "PostgreSQLStore", condition: postgreSQL), .target(name: "RedisStore", condition: redis),
        .target(name: "MongoStore", condition: mongoDB),
      ]),
    tests(
      "ServiceTests",
      [
        "Administration", "Benchmarking", "Commands", "Configuration", "Terminal", "Webhooks", "HTTPMessages", "Log",
        "Metrics", "SessionCore", "Accounts", "MemoryStore", "JSON",
        "Cryptography", "SessionTesting",
      ]),
    tests(
      "MovingTests",
      [
        "Moving", "SessionCore", "Accounts", "JSON", "Cryptography", "PasswordHashing", "SessionTesting", "MemoryStore",
      ], data: ["Fixtures"]),
    tests(
      "SesameTests",
      [
        "Sesame", "SessionCore", "Accounts", "IdentityTokens", "Cryptography", "HTTPTesting", "IdentityTesting",
        "HTTPServer", "HTTPMessages", "JSON", "Commands", "Configuration", "PasswordHashing",
        .target(name: "RedisDriver", condition: redis), .target(name: "MongoDriver", condition: mongoDB),
      ]),
  ],
  cxxLanguageStandard: .cxx20
)

// What runs under a sanitizer is built for it, all of it: so only these tests, and what they need.
if let chosen = Context.environment["SESAME_TESTS"] {
  var needed: Set<String> = []
  var waiting = chosen.split(separator: ",").map(String.init)
  while let name = waiting.popLast() {
    guard needed.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else { continue }
    for dependency in target.dependencies {
      switch dependency {
      case .byNameItem(let name, _), .targetItem(let name, _): waiting.append(name)
      default: break
      }
    }
  }
  package.products = []
  package.targets.removeAll { !needed.contains($0.name) }
}
