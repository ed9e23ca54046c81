import DialectTesting
import HTTPRouting
import Testing

@Suite("The contract of a dialect") struct DialectContractTests {
  @Test("every dialect keeps", arguments: DialectCase.all, StoreKind.allCases)
  func contract(promise: DialectCase, kind: StoreKind) async throws {
    try await promise.run { try await DialectWorld.api(kind) }
  }

  @Test("every promise has a name of its own")
  func names() {
    #expect(Set(DialectCase.all.map(\.name)).count == DialectCase.all.count)
  }

  @Test("every dialect has operations, and a way to tell whether a session is alive")
  func whole() async throws {
    for dialect in try await DialectWorld.api(.memory).dialects {
      #expect(!dialect.groups.flatMap(\.routes).isEmpty, "\(dialect.name)")
      #expect(dialect.verify != nil || dialect.show != nil || dialect.list != nil, "\(dialect.name)")
    }
  }
}
