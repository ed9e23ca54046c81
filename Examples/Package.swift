// swift-tools-version: 6.2
import PackageDescription

// Each folder is a program or a library of its own, as it would stand in a package of yours; they share this one so
// that Sesame is built once for all.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// A product of Sesame.
func sesame(_ product: String) -> Target.Dependency { .product(name: product, package: "sesame") }

func program(_ name: String, _ products: [String]) -> Target {
  .executableTarget(
    name: name, dependencies: products.map(sesame), path: "\(name)/Sources/\(name)", swiftSettings: strict)
}

func tests(of name: String, _ products: [String]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + products.map(sesame),
    path: "\(name)/Tests/\(name)Tests", swiftSettings: strict)
}

let package = Package(
  name: "examples",
  dependencies: [.package(name: "sesame", path: "..")],
  targets: [
    program("FirstSession", ["Sesame", "SQLiteStore"]),
    program("CerberusLogin", ["Sesame", "SQLiteStore", "Accounts", "Cerberus"]),
    program("SessionModelSignUp", ["Sesame", "SQLiteStore", "SessionModel"]),
    program("WebApplication", ["Sesame", "SQLiteStore", "Accounts", "HTTPServer", "SesameAPI"]),
    tests(of: "WebApplication", ["HTTPServer", "HTTPTesting"]),
    .target(
      name: "ThirdPartyStore", dependencies: [sesame("SessionCore")],
      path: "ThirdPartyStore/Sources/ThirdPartyStore", swiftSettings: strict),
    tests(of: "ThirdPartyStore", ["Sesame", "SessionTesting"]),
  ],
  cxxLanguageStandard: .cxx20
)
