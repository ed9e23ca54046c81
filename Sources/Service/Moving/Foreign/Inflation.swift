/// Undoes the compression of zlib streams (RFC 1950, RFC 1951), for texts that programs have kept compressed.
///
/// Bounded: a stream that would become longer than is allowed, or that is damaged, gives `nil` and never traps.
struct Inflation {
  private static let lengthBases: [Int] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthBits: [Int] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases: [Int] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12289, 16385, 24577,
  ]
  private static let codeLengthOrder: [Int] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static let fixedLengths =
    [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
    + [UInt8](repeating: 8, count: 8)

  private let input: [UInt8]
  private let limit: Int
  private var place: Int
  private var bitCount = 0
  private var output: [UInt8] = []

  /// The bytes that a zlib stream holds, if there are at most `limit`; `nil` for anything else.
  static func zlib(_ input: [UInt8], limit: Int) -> [UInt8]? {
    guard input.count >= 6, input[0] & 15 == 8, (UInt16(input[0]) << 8 | UInt16(input[1])).isMultiple(of: 31),
      input[1] & 32 == 0
    else { return nil }
    var inflation = Inflation(input, limit: limit)
    guard inflation.run() else { return nil }
    let end = inflation.place + (inflation.bitCount > 0 ? 1 : 0)
    guard end + 4 == input.count else { return nil }
    let checksum = input[end...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return checksum == Self.adler(inflation.output) ? inflation.output : nil
  }

  private init(_ input: [UInt8], limit: Int) {
    self.input = input
    self.limit = limit
    place = 2
  }

  private static func adler(_ bytes: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }

  private mutating func run() -> Bool {
    while true {
      guard let isLast = bits(1), let kind = bits(2) else { return false }
      let isDone: Bool
      switch kind {
      case 0: isDone = copyStored()
      case 1:
        isDone = readBlock(HuffmanCode(Self.fixedLengths), HuffmanCode([UInt8](repeating: 5, count: 30)))
      case 2: isDone = readDynamicBlock()
      default: isDone = false
      }
      guard isDone else { return false }
      if isLast == 1 { return true }
    }
  }

  /// The next bits, the first of them lowest; `nil` at the end.
  private mutating func bits(_ count: Int) -> Int? {
    var value = 0
    for index in 0..<count {
      guard place < input.count else { return nil }
      value |= Int(input[place] >> UInt8(bitCount) & 1) << index
      bitCount += 1
      if bitCount == 8 { (bitCount, place) = (0, place + 1) }
    }
    return value
  }

  private mutating func copyStored() -> Bool {
    if bitCount > 0 { (bitCount, place) = (0, place + 1) }
    guard place + 4 <= input.count else { return false }
    let count = Int(input[place]) | Int(input[place + 1]) << 8
    let complement = Int(input[place + 2]) | Int(input[place + 3]) << 8
    place += 4
    guard count ^ complement == 0xFFFF, place + count <= input.count, output.count + count <= limit else {
      return false
    }
    output += input[place..<place + count]
    place += count
    return true
  }

  private mutating func readDynamicBlock() -> Bool {
    guard let literalCount = bits(5).map({ $0 + 257 }), let distanceCount = bits(5).map({ $0 + 1 }),
      let codeCount = bits(4).map({ $0 + 4 }), literalCount <= 286, distanceCount <= 30
    else { return false }
    var codeLengths = [UInt8](repeating: 0, count: 19)
    for index in 0..<codeCount {
      guard let length = bits(3) else { return false }
      codeLengths[Self.codeLengthOrder[index]] = UInt8(length)
    }
    let code = HuffmanCode(codeLengths)
    var lengths: [UInt8] = []
    while lengths.count < literalCount + distanceCount {
      guard let symbol = self.symbol(code) else { return false }
      switch symbol {
      case 0...15: lengths.append(UInt8(symbol))
      case 16:
        guard let last = lengths.last, let extra = bits(2) else { return false }
        lengths += [UInt8](repeating: last, count: 3 + extra)
      case 17:
        guard let extra = bits(3) else { return false }
        lengths += [UInt8](repeating: 0, count: 3 + extra)
      default:
        guard let extra = bits(7) else { return false }
        lengths += [UInt8](repeating: 0, count: 11 + extra)
      }
    }
    guard lengths.count == literalCount + distanceCount else { return false }
    return readBlock(HuffmanCode(Array(lengths[..<literalCount])), HuffmanCode(Array(lengths[literalCount...])))
  }

  private mutating func readBlock(_ literals: HuffmanCode, _ distances: HuffmanCode) -> Bool {
    while true {
      guard let symbol = self.symbol(literals) else { return false }
      if symbol == 256 { return true }
      if symbol < 256 {
        guard output.count < limit else { return false }
        output.append(UInt8(symbol))
        continue
      }
      guard symbol - 257 < Self.lengthBases.count, let extra = bits(Self.lengthBits[symbol - 257]),
        let code = self.symbol(distances), code < Self.distanceBases.count,
        let more = bits(code < 2 ? 0 : code / 2 - 1)
      else { return false }
      let length = Self.lengthBases[symbol - 257] + extra
      let distance = Self.distanceBases[code] + more
      guard distance <= output.count, output.count + length <= limit else { return false }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }

  private mutating func symbol(_ code: HuffmanCode) -> Int? {
    var (value, first, index) = (0, 0, 0)
    for length in 1...15 {
      guard let bit = bits(1) else { return nil }
      value |= bit
      let count = code.counts[length]
      // Lengths that are no code's lead before the first word.
      guard value >= first else { return nil }
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    return nil
  }
}

/// A prefix code by the lengths of its words (RFC 1951 section 3.2.2).
private struct HuffmanCode {
  /// How many words there are of each length.
  var counts = [Int](repeating: 0, count: 16)
  /// The symbols, those of shorter words first.
  var symbols: [Int] = []

  init(_ lengths: [UInt8]) {
    for length in lengths where length > 0 { counts[Int(length)] += 1 }
    for length in 1...15 where counts[length] > 0 {
      for (symbol, own) in lengths.enumerated() where Int(own) == length { symbols.append(symbol) }
    }
  }
}
