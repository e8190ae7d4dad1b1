// libmodbus, with errno folded into the result: a call of gh_modbus_* gives a count, or the negative of errno, which
// may be one of libmodbus's own numbers from MODBUS_ENOBASE on.
#pragma once

#include <errno.h>
#include <modbus/modbus.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netdb.h>

static inline int gh_modbus_result(int result) { return result >= 0 ? result : -(errno ? errno : EIO); }

static inline int gh_modbus_errno(void) { return errno; }

static inline int gh_modbus_connect(modbus_t *context) { return gh_modbus_result(modbus_connect(context)); }

static inline int gh_modbus_read_bits(modbus_t *context, int inputs, int address, int count, uint8_t *out) {
  return gh_modbus_result(inputs ? modbus_read_input_bits(context, address, count, out)
                                 : modbus_read_bits(context, address, count, out));
}

static inline int gh_modbus_read_registers(modbus_t *context, int inputs, int address, int count, uint16_t *out) {
  return gh_modbus_result(inputs ? modbus_read_input_registers(context, address, count, out)
                                 : modbus_read_registers(context, address, count, out));
}

// FC05 for one coil, FC15 for more.
static inline int gh_modbus_write_bits(modbus_t *context, int address, int count, const uint8_t *levels) {
  return gh_modbus_result(count == 1 ? modbus_write_bit(context, address, levels[0] ? TRUE : FALSE)
                                     : modbus_write_bits(context, address, count, levels));
}

static inline int gh_modbus_write_register(modbus_t *context, int address, uint16_t value) {
  return gh_modbus_result(modbus_write_register(context, address, value));
}

// One of the numeric addresses of a host, counted from 0, so that nobody waits for a name server later; 0, or a code of
// getaddrinfo: EAI_NONAME where there are no more.
static inline int gh_getaddrinfo_numeric(const char *host, int which, char *out, size_t size) {
  struct addrinfo hints = {0}, *found = NULL;
  hints.ai_socktype = SOCK_STREAM;
  int code = getaddrinfo(host, NULL, &hints, &found);
  if (code != 0) return code;
  struct addrinfo *one = found;
  while (one && which-- > 0) one = one->ai_next;
  code = one ? getnameinfo(one->ai_addr, one->ai_addrlen, out, (socklen_t)size, NULL, 0, NI_NUMERICHOST) : EAI_NONAME;
  freeaddrinfo(found);
  return code;
}
