extension SimulatedChip {
  /// A simulated chip's lines have no names.
  func offset(of line: GPIOLine) throws(GPIOError) -> UInt32 {
    guard case .offset(let offset) = line, offset >= 0, offset < Self.lines else {
      throw .lineMissing(chip: path, line: "\(line)", lines: Self.lines)
    }
    return UInt32(offset)
  }

  /// Takes a line as an input. One that nobody has driven yet rests at its pull.
  func request(_ line: UInt32, as direction: Direction, pulledUp: Bool) {
    if pulledUp, edges(Int(line)) == 0, !input(Int(line)) { setInput(Int(line), true) }
    setDirection(Int(line), direction)
  }
}
