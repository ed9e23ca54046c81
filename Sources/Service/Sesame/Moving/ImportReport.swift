import JSON
import Moving

extension Importer.Report {
  /// What became of everything, for a person.
  func text(_ file: String) -> String {
    var lines = ["Imported \(added.sentence) from \(file)."]
    if kept.total > 0 { lines.append("There already, and kept as they are: \(kept.sentence).") }
    if ended > 0 { lines.append("Passed over, their time was up: \(ended) session\(ended == 1 ? "" : "s").") }
    for (why, count) in passedOver.sorted(by: { $0.key < $1.key }) {
      lines.append("Passed over, \(why): \(count).")
    }
    for (what, count) in without.sorted(by: { $0.key < $1.key }) {
      lines.append("Among them, without \(what): \(count).")
    }
    if bad > 0 { lines.append("Bad, and passed over: \(bad) line\(bad == 1 ? "" : "s").") }
    lines += badLines.map { "  \($0)" }
    if bad > badLines.count { lines.append("  and \(Int(bad) - badLines.count) more") }
    return lines.joined(separator: "\n")
  }

  /// The same as one JSON object.
  var json: String {
    var json = JSONWriter()
    json.beginObject()
    json.write(added, as: "imported")
    json.write(kept, as: "kept")
    json.member("ended", ended)
    json.name("passed_over")
    json.beginObject()
    for (why, count) in passedOver.sorted(by: { $0.key < $1.key }) {
      json.name(why)
      json.integer(count)
    }
    json.endObject()
    json.name("without")
    json.beginObject()
    for (what, count) in without.sorted(by: { $0.key < $1.key }) {
      json.name(what)
      json.integer(count)
    }
    json.endObject()
    json.member("bad", bad)
    json.name("bad_lines")
    json.beginArray()
    for line in badLines { json.string(line) }
    json.endArray()
    json.member("whole", fault == nil)
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
