/// Statements that come again and again, prepared once. Whoever steps through one must be done with it before the same is
/// asked for again.
public final class KeptStatements {
  private let database: Database
  private var statements: [String: Statement] = [:]

  public init(_ database: Database) {
    self.database = database
  }

  /// The statement, as it was before its first step.
  public func callAsFunction(_ sql: String) throws(StoreError) -> Statement {
    if let statement = statements[sql] {
      statement.reset()
      return statement
    }
    let statement = try database.prepare(sql)
    statements[sql] = statement
    return statement
  }
}
