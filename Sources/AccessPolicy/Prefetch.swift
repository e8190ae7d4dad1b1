import CPrefetch

/// Lets a line of memory come near while other work goes on. Nothing waits for it, nothing is read or changed, and no
/// address is wrong: the one thing that this room asks of anybody outside.
@inline(__always)
@_noLocks
func prefetch(_ address: UnsafeRawPointer) {
  unsafe gh_builtin_prefetch(address)
}
