extension HTTPResponseBuffer {
  /// Writes a whole response of the slow path; of one with a stream, the head alone.
  ///
  /// A field of the response goes before the standing ones of its name. `takesChunks` tells whether the client
  /// understands a body in chunks; a stream to one that doesn't lasts as long as the connection.
  public mutating func write(_ response: HTTPResponse, takesChunks: Bool = true) {
    append("HTTP/1.1 ")
    append(decimal: response.status.code)
    append(" ")
    bytes.append(contentsOf: response.status.reason.utf8)
    append("\r\n")
    if !response.mayHaveBody {
      writeFields(of: response)
    } else if response.stream != nil {
      if takesChunks { append("Transfer-Encoding: chunked\r\n") }
      writeFields(of: response)
    } else {
      append("Content-Length: ")
      append(decimal: response.body.count)
      append("\r\n")
      writeFields(of: response)
      appendBody(response.body)
    }
  }

  private mutating func writeFields(of response: HTTPResponse) {
    if !keepsConnection { append("Connection: close\r\n") }
    appendStandingFields(except: response.fields)
    for field in response.fields {
      bytes.append(contentsOf: field.name)
      append(": ")
      bytes.append(contentsOf: field.value)
      append("\r\n")
    }
    beginBody()
  }

  private mutating func appendStandingFields(except own: [HTTPField]) {
    var start = 0
    for end in standingLineEnds {
      let line = start..<end
      start = end
      if !own.contains(where: { isStandingLine(line, of: $0.name) }) { bytes.append(contentsOf: standingFields[line]) }
    }
  }

  /// Whether a line of the standing fields is that of a field of that name.
  private func isStandingLine(_ line: Range<Int>, of name: [UInt8]) -> Bool {
    guard line.count > name.count, standingFields[line.lowerBound + name.count] == 0x3A else { return false }
    for index in name.indices where lowercased(standingFields[line.lowerBound + index]) != lowercased(name[index]) {
      return false
    }
    return true
  }
}
