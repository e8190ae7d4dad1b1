// What no Swift expression says: __builtin_prefetch. It reads and changes nothing, so that the room that asks for it stays
// without side effects; it only lets several words come from memory side by side.
#pragma once

// Asks the processor for the line of cache at `address`; nothing waits for it, and no address is wrong.
__attribute__((swift_attr("@_noLocks"))) static inline void gh_builtin_prefetch(const void *address) {
  __builtin_prefetch(address);
}
