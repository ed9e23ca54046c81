import JSON
import SesameAPI
import SessionCore

/// JSON in and out.
let jsonBenchmarks: [Benchmark] = [
  Benchmark(name: "json.read", summary: "the body of an opening read, 400 bytes, and three members looked up") {
    scale in
    let world = try await World(.memory, scale)
    var json = JSONWriter()
    json.beginObject()
    json.member("user_id", world.opened[0].userID.string)
    json.member("user_agent", world.opened[0].userAgent?.string ?? "")
    json.name("data")
    json.raw(world.opened[0].data ?? .null)
    json.endObject()
    let text = json.bytes
    return Prepared { count in
      for _ in 0..<count {
        let root = try JSONDocument(parsing: text).root
        guard root["user_id"]?.kind == .string, root["data"]?.kind == .object, root["kind"] == nil else {
          throw Unexpected("a body was read wrongly")
        }
      }
    }
  },
  Benchmark(name: "json.patch", summary: "a merge patch applied to 300 bytes of data") { scale in
    let data = try await World(.memory, scale).opened[0].data
    let patch = try JSONDocument(parsing: Array(#"{"theme":"light","visits":3}"#.utf8))
    return Prepared { count in
      for _ in 0..<count {
        guard JSONMergePatch.apply(patch.root, to: data) != nil else { throw Unexpected("a patch left nothing") }
      }
    }
  },
  Benchmark(name: "json.render", summary: "a session written as /v2 shows it, 800 bytes") { scale in
    let session = try await World(.memory, scale).opened[0]
    return Prepared { count in
      for _ in 0..<count {
        guard !SessionJSON.render(session).bytes.isEmpty else { throw Unexpected("a session was written as nothing") }
      }
    }
  },
]
