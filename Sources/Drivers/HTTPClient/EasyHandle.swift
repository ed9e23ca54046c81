internal import CCurl

/// The one owner of a libcurl handle, which belongs to one thread.
@safe
struct EasyHandle: ~Copyable {
  let pointer: UnsafeMutableRawPointer

  /// Once in the process, before any handle (https://curl.se/libcurl/c/curl_global_init.html).
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  init?() {
    guard Self.isReady, let pointer = unsafe curl_easy_init() else { return nil }
    unsafe self.pointer = pointer
  }

  deinit { unsafe curl_easy_cleanup(pointer) }

  /// Forgets all options; open connections stay.
  func reset() { unsafe curl_easy_reset(pointer) }

  func set(_ option: CURLoption, _ value: Int) { unsafe ccurl_set_number(pointer, option, value) }

  func set(_ option: CURLoption, _ value: String) { unsafe ccurl_set_text(pointer, option, value) }

  func set(_ option: CURLoption, size: Int) { unsafe ccurl_set_size(pointer, option, curl_off_t(size)) }

  /// The status of the response, 0 if there is none.
  var status: Int {
    var value = 0
    unsafe ccurl_get_number(pointer, CURLINFO_RESPONSE_CODE, &value)
    return value
  }

  var contentType: String? {
    var value: UnsafeMutablePointer<CChar>?
    unsafe ccurl_get_text(pointer, CURLINFO_CONTENT_TYPE, &value)
    guard let value = unsafe value else { return nil }
    return unsafe String(cString: value)
  }
}

/// The one owner of a list of header fields.
@safe
struct FieldList: ~Copyable {
  private(set) var pointer: UnsafeMutablePointer<curl_slist>?

  deinit { unsafe curl_slist_free_all(pointer) }

  /// Adds a line; `false` if there is no memory for it.
  mutating func append(_ line: String) -> Bool {
    guard let longer = unsafe curl_slist_append(pointer, line) else { return false }
    unsafe pointer = longer
    return true
  }
}
