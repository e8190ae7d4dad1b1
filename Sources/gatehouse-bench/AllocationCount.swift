import CBaseline

/// Counts every allocation of this program, whoever makes it: the C library's names are taken by counting ones.
enum AllocationCount {
  /// Calls of malloc, calloc, realloc, posix_memalign and aligned_alloc since the start.
  static func soFar() -> Int {
    gh_allocations()
  }

  /// Whether the counting stands: each of the counted functions is called once here and must be seen.
  ///
  /// Naming them is also what brings their definitions into the program.
  static func works() -> Bool {
    let before = soFar()
    var aligned: UnsafeMutableRawPointer?
    unsafe gh_counted_free(gh_counted_malloc(8))
    unsafe gh_counted_free(gh_counted_calloc(1, 8))
    unsafe gh_counted_free(gh_counted_realloc(nil, 8))
    unsafe gh_counted_free(gh_counted_aligned_alloc(64, 64))
    guard unsafe gh_counted_posix_memalign(&aligned, 64, 64) == 0 else { return false }
    unsafe gh_counted_free(aligned)
    return soFar() - before == 5
  }
}
