import Journal

extension StoreError {
  /// The error with what a person at HQ can do: nothing sets a damaged store aside here.
  var atHeadquarters: String {
    guard kind == .damaged else { return description }
    return
      "\(during): \(text) (code \(code)); stop every 'serve', move the file away with those beside it (-wal, -shm), "
      + "and put a backup back, or begin without: 'serve' makes a new one. Either way it asks the gateways for what is "
      + "missing, and they send what they still keep"
  }
}
