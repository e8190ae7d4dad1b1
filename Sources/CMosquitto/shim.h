#pragma once

#include <mosquitto.h>

// Swift sees C enumerations as types of their own; the calls want and give plain ints.
static inline int gh_mosquitto_use_system_certificates(struct mosquitto *session) {
  return mosquitto_int_option(session, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
}

// Acknowledgements are small and waited for: they must not wait for one another.
static inline int gh_mosquitto_send_at_once(struct mosquitto *session) {
  return mosquitto_int_option(session, MOSQ_OPT_TCP_NODELAY, 1);
}

enum {
  GH_MOSQ_SUCCESS = MOSQ_ERR_SUCCESS,
  GH_MOSQ_NO_CONNECTION = MOSQ_ERR_NO_CONN,
  GH_MOSQ_ERRNO = MOSQ_ERR_ERRNO,
};
