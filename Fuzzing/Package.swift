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

// Built by scripts/fuzz, which says with which sanitizers: without them there is nobody to call the targets.
let package = Package(
  name: "sesame-fuzzing",
  dependencies: [.package(name: "sesame", path: "..")],
  targets: [
    // The engine's own parser, compiled once more under another name: nothing public leads to it without a socket.
    .target(
      name: "CRequestParsing",
      exclude: [
        "engine/Certificate.cpp", "engine/Connection.cpp", "engine/Connection+Stream.cpp", "engine/Engine.cpp",
        "engine/EventLoop.cpp", "engine/Listener.cpp",
      ],
      cxxSettings: [.define("engine", to: "fuzzed_engine"), .headerSearchPath("engine/include")]),
    .executableTarget(
      name: "Fuzzing",
      dependencies: [
        "CRequestParsing", sesame("SessionCore"), sesame("Accounts"), sesame("Cerberus"), sesame("HTTPServer"),
        sesame("HTTPTesting"), sesame("RedisStore"), sesame("Configuration"),
      ],
      swiftSettings: strict),
  ],
  cxxLanguageStandard: .cxx20
)
