extension FramingCase {
  /// The requests of RFC 9112 that must be refused, each of which some server lets through.
  public static let refused: [FramingCase] = requestLines + hosts + fieldLines + lengths + encodings + chunks

  private static func get(_ name: String, _ lines: String, _ status: Int = 400, _ code: String) -> FramingCase {
    FramingCase(name, "GET / HTTP/1.1\r\n\(lines)\r\n", status, code)
  }

  private static func post(_ name: String, _ rest: String, _ status: Int = 400, _ code: String) -> FramingCase {
    FramingCase(name, "POST / HTTP/1.1\r\nHost: test\r\n\(rest)", status, code)
  }

  private static func chunked(_ name: String, _ body: String, _ status: Int = 400, _ code: String) -> FramingCase {
    post(name, "Transfer-Encoding: chunked\r\n\r\n\(body)", status, code)
  }

  private static func line(_ name: String, _ line: String, _ status: Int = 400, _ code: String) -> FramingCase {
    FramingCase(name, "\(line)\r\nHost: test\r\n\r\n", status, code)
  }

  private static let requestLines = [
    line("HTTP/0.9", "GET /", 400, "bad_request_line"),
    line("no target", "GET  HTTP/1.1", 400, "bad_target"),
    line("two spaces", "GET /  HTTP/1.1", 400, "bad_request_line"),
    line("a space in the target", "GET /a b HTTP/1.1", 400, "bad_request_line"),
    line("a tab for a space", "GET\t/ HTTP/1.1", 400, "bad_request_line"),
    line("a leading space", " GET / HTTP/1.1", 400, "bad_request_line"),
    line("a space at the end", "GET / HTTP/1.1 ", 400, "bad_request_line"),
    line("a method that is not a token", "G(T / HTTP/1.1", 400, "bad_request_line"),
    line("a lower-case version", "GET / http/1.1", 400, "bad_request_line"),
    line("a version of two digits", "GET / HTTP/1.10", 400, "bad_request_line"),
    line("HTTP/1.2", "GET / HTTP/1.2", 505, "version_not_supported"),
    line("HTTP/2.0", "GET / HTTP/2.0", 505, "version_not_supported"),
    line("HTTP/0.9 by name", "GET / HTTP/0.9", 505, "version_not_supported"),
    FramingCase("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version_not_supported"),
    FramingCase("bare LF", "GET / HTTP/1.1\nHost: test\n\n", 400, "bad_line_ending"),
    FramingCase("bare LF after the request line", "GET / HTTP/1.1\nHost: test\r\n\r\n", 400, "bad_line_ending"),
    FramingCase("bare CR after the request line", "GET / HTTP/1.1\rHost: test\r\n\r\n", 400, "bad_line_ending"),
    FramingCase("a bare CR in the target", "GET /\ra HTTP/1.1\r\nHost: test\r\n\r\n", 400, "bad_line_ending"),
    FramingCase("two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n", 400, "bad_request_line"),
    line("CONNECT", "CONNECT test:443 HTTP/1.1", 501, "method_not_implemented"),
    line("a star with GET", "GET * HTTP/1.1", 400, "bad_target"),
    line("a relative target", "GET a HTTP/1.1", 400, "bad_target"),
    line("a fragment", "GET /a#b HTTP/1.1", 400, "bad_target"),
    line("an authority alone", "GET test:80 HTTP/1.1", 400, "bad_target"),
    line("another scheme", "GET ftp://test/ HTTP/1.1", 400, "bad_target"),
    line("NUL in the target", "GET /\0 HTTP/1.1", 400, "bad_target"),
    line("ESC in the target", "GET /\u{1B} HTTP/1.1", 400, "bad_target"),
    line("DEL in the target", "GET /\u{7F} HTTP/1.1", 400, "bad_target"),
    line("non-ASCII in the target", "GET /ü HTTP/1.1", 400, "bad_target"),
    line("user information in the target", "GET http://me@test/ HTTP/1.1", 400, "bad_target"),
    line("an absolute target with a query for a path", "GET http://test?a HTTP/1.1", 400, "bad_target"),
    line("the absolute form of another host", "GET http://other/ HTTP/1.1", 400, "host_differs"),
  ]

  private static let hosts = [
    get("no Host", "", 400, "host_missing"),
    get("two Hosts", "Host: test\r\nHost: test\r\n", 400, "host_repeated"),
    get("a list of hosts", "Host: test, other\r\n", 400, "bad_host"),
    get("a list of hosts without a space", "Host: test,other\r\n", 400, "bad_host"),
    get("an empty Host", "Host:\r\n", 400, "bad_host"),
    get("a space in Host", "Host: te st\r\n", 400, "bad_host"),
    get("a user in Host", "Host: me@test\r\n", 400, "bad_host"),
    get("a path in Host", "Host: test/a\r\n", 400, "bad_host"),
    get("a scheme in Host", "Host: http://test\r\n", 400, "bad_host"),
    get("a query in Host", "Host: test?a\r\n", 400, "bad_host"),
    get("a port that is no number", "Host: test:a\r\n", 400, "bad_host"),
    get("a port that is too large", "Host: test:65536\r\n", 400, "bad_host"),
    get("a port with a sign", "Host: test:+80\r\n", 400, "bad_host"),
    get("two ports", "Host: test:80:80\r\n", 400, "bad_host"),
    get("an open bracket", "Host: [::1\r\n", 400, "bad_host"),
    get("no address in brackets", "Host: [test]\r\n", 400, "bad_host"),
    get("non-ASCII in Host", "Host: tést\r\n", 400, "bad_host"),
    FramingCase("two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400, "host_repeated"),
    FramingCase("a bad Host in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a/b\r\n\r\n", 400, "bad_host"),
  ]

  private static let fieldLines = [
    get("a space before the colon", "Host: test\r\nX-A : b\r\n", 400, "bad_field"),
    get("a tab before the colon", "Host: test\r\nX-A\t: b\r\n", 400, "bad_field"),
    get("a space before the first field", " Host: test\r\n", 400, "bad_field"),
    get("no colon", "Host: test\r\nX-A\r\n", 400, "bad_field"),
    get("an empty name", "Host: test\r\n: b\r\n", 400, "bad_field"),
    get("a name with a space", "Host: test\r\nX A: b\r\n", 400, "bad_field"),
    get("a name with non-ASCII", "Host: test\r\nX-ü: b\r\n", 400, "bad_field"),
    get("NUL in a value", "Host: test\r\nX-A: b\0c\r\n", 400, "bad_field"),
    get("ESC in a value", "Host: test\r\nX-A: b\u{1B}c\r\n", 400, "bad_field"),
    get("DEL in a value", "Host: test\r\nX-A: b\u{7F}c\r\n", 400, "bad_field"),
    get("LF in a value", "Host: test\r\nX-A: b\nX-B: c\r\n", 400, "bad_field"),
    get("bare CR in a value", "Host: test\r\nX-A: b\rc\r\n", 400, "bad_line_ending"),
    get("bare CR as a line", "Host: test\r\n\rX-A: b\r\n", 400, "bad_line_ending"),
    get("a folded field", "Host: test\r\nX-A: b\r\n c\r\n", 400, "folded_field"),
    get("a field folded by a tab", "Host: test\r\nX-A: b\r\n\tc\r\n", 400, "folded_field"),
    get("a field folded before its value", "Host: test\r\nX-A:\r\n c\r\n", 400, "folded_field"),
    get("a field folded without a value", "Host: test\r\nX-A:\r\n \r\n", 400, "folded_field"),
    get("a field folded after its value", "Host: test\r\nX-A: b\r\n \r\n", 400, "folded_field"),
    get("a bad list in Connection", "Host: test\r\nConnection: (a\r\n", 400, "bad_field"),
    get("another expectation", "Host: test\r\nExpect: 200-ok\r\n", 417, "expectation_failed"),
    get("two expectations in a list", "Host: test\r\nExpect: 100-continue, a\r\n", 417, "expectation_failed"),
  ]

  private static let lengths = [
    post("a length with a plus", "Content-Length: +5\r\n\r\nhello", 400, "bad_content_length"),
    post("a negative length", "Content-Length: -5\r\n\r\nhello", 400, "bad_content_length"),
    post("a length in hexadecimal", "Content-Length: 0x5\r\n\r\nhello", 400, "bad_content_length"),
    post("a length with a point", "Content-Length: 5.0\r\n\r\nhello", 400, "bad_content_length"),
    post("a length with a space", "Content-Length: 5 5\r\n\r\nhello", 400, "bad_content_length"),
    post("no length", "Content-Length:\r\n\r\nhello", 400, "bad_content_length"),
    post("a length of a comma", "Content-Length: 5,\r\n\r\nhello", 400, "bad_content_length"),
    post("a list of equal lengths", "Content-Length: 5, 5\r\n\r\nhello", 400, "bad_content_length"),
    post("a list of lengths", "Content-Length: 5, 6\r\n\r\nhello", 400, "content_length_repeated"),
    post("equal lengths twice", "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400, "content_length_repeated"),
    post("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400, "content_length_repeated"),
    post("a length beyond 64 bits", "Content-Length: 18446744073709551621\r\n\r\nhello", 400, "bad_content_length"),
    post("a length of 19 digits", "Content-Length: 9223372036854775808\r\n\r\nhello", 400, "bad_content_length"),
    post("a length beyond the limit", "Content-Length: 65537\r\n\r\n", 413, "body_too_large"),
    post("a length of 18 digits", "Content-Length: 999999999999999999\r\n\r\n", 413, "body_too_large"),
  ]

  private static let encodings = [
    post(
      "a length, then chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "two_framings"),
    post(
      "chunks, then a length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400, "two_framings"),
    post("gzip", "Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n", 400, "bad_transfer_encoding"),
    post("gzip, chunked", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "bad_transfer_encoding"),
    post("chunked, gzip", "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400, "bad_transfer_encoding"),
    post("chunked, chunked", "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400, "bad_transfer_encoding"),
    post("chunked in a list", "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n", 400, "bad_transfer_encoding"),
    post("identity", "Transfer-Encoding: identity\r\n\r\n", 400, "bad_transfer_encoding"),
    post("no encoding", "Transfer-Encoding:\r\n\r\n", 400, "bad_transfer_encoding"),
    post("chunked with a parameter", "Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n", 400, "bad_transfer_encoding"),
    post("chunked in quotes", "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400, "bad_transfer_encoding"),
    post("chunked after a vertical tab", "Transfer-Encoding: \u{0B}chunked\r\n\r\n0\r\n\r\n", 400, "bad_field"),
    post(
      "chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
      "bad_transfer_encoding"),
    FramingCase(
      "chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
      "bad_transfer_encoding"),
  ]

  private static let chunks = [
    chunked("a chunk without a size", "\r\n\r\n", 400, "bad_chunk"),
    chunked("a chunk size that is no number", "x\r\nhello\r\n0\r\n\r\n", 400, "bad_chunk"),
    chunked("a chunk size with a prefix", "0x5\r\nhello\r\n0\r\n\r\n", 400, "chunk_extension"),
    chunked("a chunk size with a plus", "+5\r\nhello\r\n0\r\n\r\n", 400, "bad_chunk"),
    chunked("a negative chunk size", "-5\r\nhello\r\n0\r\n\r\n", 400, "bad_chunk"),
    chunked("a space before a chunk size", " 5\r\nhello\r\n0\r\n\r\n", 400, "bad_chunk"),
    chunked("a space after a chunk size", "5 \r\nhello\r\n0\r\n\r\n", 400, "chunk_extension"),
    chunked("a chunk size beyond 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n", 400, "bad_chunk"),
    chunked("a chunk size that ends in LF", "5\nhello\r\n0\r\n\r\n", 400, "chunk_extension"),
    chunked("a chunk that is longer than said", "4\r\nhello\r\n0\r\n\r\n", 400, "bad_chunk"),
    chunked("a chunk that ends in LF", "5\r\nhello\n0\r\n\r\n", 400, "bad_chunk"),
    chunked("a chunk extension", "5;a=b\r\nhello\r\n0\r\n\r\n", 400, "chunk_extension"),
    chunked("a chunk extension without a value", "5;a\r\nhello\r\n0\r\n\r\n", 400, "chunk_extension"),
    chunked("an empty chunk extension", "5;\r\nhello\r\n0\r\n\r\n", 400, "chunk_extension"),
    chunked("an extension of the last chunk", "5\r\nhello\r\n0;a=b\r\n\r\n", 400, "chunk_extension"),
    chunked("a bare CR in a chunk extension", "5;a\rb\r\nhello\r\n0\r\n\r\n", 400, "bad_line_ending"),
    chunked("a trailer that frames", "0\r\nContent-Length: 5\r\n\r\n", 400, "bad_trailer"),
    chunked("a trailer that encodes", "0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "bad_trailer"),
    chunked("a trailer that routes", "0\r\nHost: other\r\n\r\n", 400, "bad_trailer"),
    chunked("a trailer that authenticates", "0\r\nAuthorization: x\r\n\r\n", 400, "bad_trailer"),
    chunked("a trailer with a space before its colon", "0\r\nX-A : b\r\n\r\n", 400, "bad_trailer"),
    chunked("a chunk beyond the limit", "10001\r\n", 413, "body_too_large"),
  ]
}
