// What crosses from thread to thread by copying its bytes, and so must never hold a reference.
extension InputIndex: BitwiseCopyable {}
extension OutputIndex: BitwiseCopyable {}
extension PointIndex: BitwiseCopyable {}
extension ReaderIndex: BitwiseCopyable {}
extension PlanIndex: BitwiseCopyable {}
extension Instant: BitwiseCopyable {}
extension Interval: BitwiseCopyable {}
extension Side: BitwiseCopyable {}
extension Cause: BitwiseCopyable {}
extension Event: BitwiseCopyable {}
extension Event.Kind: BitwiseCopyable {}
extension Grant: BitwiseCopyable {}
extension Command: BitwiseCopyable {}
extension Command.Action: BitwiseCopyable {}
extension PointState: BitwiseCopyable {}
extension PointStatus: BitwiseCopyable {}
extension Quality: BitwiseCopyable {}
