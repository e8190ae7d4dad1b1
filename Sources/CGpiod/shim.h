// libgpiod 1.6 (Debian 12) and 2.x (Debian 13) behind one set of functions.
//
// Both ship <gpiod.h>; only version 1's defines GPIOD_LINE_BULK_MAX_LINES. Values are physical levels: what
// active_low means is the driver's business, so that one request holds all the lines of a chip. A function that fails
// returns NULL or -1 and leaves the reason in errno.
#pragma once

#include <errno.h>
#include <gpiod.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { GH_GPIOD_LINES_OF_REQUEST = 64, GH_GPIOD_NAME_SIZE = 32, GH_GPIOD_EDGES_OF_READ = 64 };

enum gh_gpiod_bias { GH_GPIOD_AS_IS = 0, GH_GPIOD_PULL_UP = 1, GH_GPIOD_PULL_DOWN = 2, GH_GPIOD_DISABLED = 3 };

enum gh_gpiod_edges { GH_GPIOD_RISING = 1, GH_GPIOD_FALLING = 2, GH_GPIOD_BOTH = 3 };

struct gh_gpiod_edge {
  uint64_t nanoseconds;    // CLOCK_MONOTONIC, taken in the interrupt
  uint32_t line;           // place in the request
  uint32_t rising;         // 1 or 0
  uint64_t line_sequence;  // counts from 1 without gaps while nothing is lost; 0 where the kernel interface has none
};

static inline int gh_gpiod_errno(void) { return errno; }

#ifdef GPIOD_LINE_BULK_MAX_LINES

#define GH_GPIOD_MAJOR 1

struct gh_gpiod_request {
  struct gpiod_line_bulk bulk;
};

static inline int gh_gpiod_chip_identity(struct gpiod_chip *chip, char *name, char *label, unsigned int *lines) {
  strncpy(name, gpiod_chip_name(chip), GH_GPIOD_NAME_SIZE - 1);
  strncpy(label, gpiod_chip_label(chip), GH_GPIOD_NAME_SIZE - 1);
  *lines = gpiod_chip_num_lines(chip);
  return 0;
}

static inline int gh_gpiod_find_line(struct gpiod_chip *chip, const char *name) {
  struct gpiod_line *line = gpiod_chip_find_line(chip, name);
  return line ? (int)gpiod_line_offset(line) : -1;
}

// Who holds a line, as far as the kernel knows; empty where nobody does.
static inline void gh_gpiod_line_consumer(struct gpiod_chip *chip, unsigned int offset, char *consumer) {
  struct gpiod_line *line = gpiod_chip_get_line(chip, offset);
  const char *name = line && gpiod_line_is_used(line) ? gpiod_line_consumer(line) : NULL;
  strncpy(consumer, name ? name : "", GH_GPIOD_NAME_SIZE - 1);
}

static inline int gh_gpiod_bias_flag(int bias) {
  switch (bias) {
    case GH_GPIOD_PULL_UP: return GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
    case GH_GPIOD_PULL_DOWN: return GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
    case GH_GPIOD_DISABLED: return GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE;
    default: return 0;
  }
}

static inline void *gh_gpiod_request(struct gpiod_chip *chip, const unsigned int *offsets, unsigned int count,
                                     int type, int bias, const int *levels, const char *consumer) {
  struct gh_gpiod_request *request = calloc(1, sizeof *request);
  if (!request) return NULL;
  unsigned int copy[GH_GPIOD_LINES_OF_REQUEST];
  memcpy(copy, offsets, count * sizeof *copy);
  struct gpiod_line_request_config config = {consumer, type, gh_gpiod_bias_flag(bias)};
  if (gpiod_chip_get_lines(chip, copy, count, &request->bulk) == 0 &&
      gpiod_line_request_bulk(&request->bulk, &config, levels) == 0)
    return request;
  int code = errno;
  free(request);
  errno = code;
  return NULL;
}

// Lines of one request share their bias in this version.
static inline bool gh_gpiod_one_bias_a_request(void) { return true; }

static inline void *gh_gpiod_request_inputs(struct gpiod_chip *chip, const unsigned int *offsets, const int *biases,
                                            unsigned int count, const char *consumer) {
  return gh_gpiod_request(chip, offsets, count, GPIOD_LINE_REQUEST_DIRECTION_INPUT, biases[0], NULL, consumer);
}

static inline void *gh_gpiod_request_outputs(struct gpiod_chip *chip, const unsigned int *offsets, const int *levels,
                                             unsigned int count, const char *consumer) {
  return gh_gpiod_request(chip, offsets, count, GPIOD_LINE_REQUEST_DIRECTION_OUTPUT, GH_GPIOD_AS_IS, levels,
                          consumer);
}

static inline void gh_gpiod_release(void *request) {
  gpiod_line_release_bulk(&((struct gh_gpiod_request *)request)->bulk);
  free(request);
}

static inline int gh_gpiod_get(void *request, int *levels, unsigned int count) {
  (void)count;
  return gpiod_line_get_value_bulk(&((struct gh_gpiod_request *)request)->bulk, levels);
}

static inline int gh_gpiod_set(void *request, const int *levels, unsigned int count) {
  (void)count;
  return gpiod_line_set_value_bulk(&((struct gh_gpiod_request *)request)->bulk, levels);
}

static inline void *gh_gpiod_request_edges(struct gpiod_chip *chip, const unsigned int *offsets, unsigned int count,
                                           int edges, int bias, unsigned int queue, const char *consumer) {
  (void)queue;
  int type = edges == GH_GPIOD_RISING    ? GPIOD_LINE_REQUEST_EVENT_RISING_EDGE
             : edges == GH_GPIOD_FALLING ? GPIOD_LINE_REQUEST_EVENT_FALLING_EDGE
                                         : GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES;
  return gh_gpiod_request(chip, offsets, count, type, bias, NULL, consumer);
}

static inline unsigned int gh_gpiod_edge_descriptors(void *request) {
  return ((struct gh_gpiod_request *)request)->bulk.num_lines;
}

static inline int gh_gpiod_edge_descriptor(void *request, unsigned int which) {
  return gpiod_line_event_get_fd(((struct gh_gpiod_request *)request)->bulk.lines[which]);
}

// The kernel's queue for one line; a read that fills it may hide edges that were dropped. 0: losses show as gaps.
static inline unsigned int gh_gpiod_edge_queue(void) { return 16; }

// Blocks where nothing waits: poll the descriptor first. The number of edges, or -1.
static inline int gh_gpiod_read_edges(void *request, unsigned int which, unsigned int count,
                                      const unsigned int *offsets, struct gh_gpiod_edge *out) {
  (void)offsets;
  (void)count;
  struct gpiod_line_event events[16];
  int read = gpiod_line_event_read_fd_multiple(gh_gpiod_edge_descriptor(request, which), events, 16);
  for (int i = 0; i < read; i++) {
    out[i].nanoseconds = (uint64_t)events[i].ts.tv_sec * 1000000000u + (uint64_t)events[i].ts.tv_nsec;
    out[i].line = which;
    out[i].rising = events[i].event_type == GPIOD_LINE_EVENT_RISING_EDGE;
    out[i].line_sequence = 0;
  }
  return read;
}

#else

#define GH_GPIOD_MAJOR 2

struct gh_gpiod_request {
  struct gpiod_line_request *lines;
  struct gpiod_edge_event_buffer *edges;
};

_Static_assert(sizeof(enum gpiod_line_value) == sizeof(int), "levels are passed as int");

static inline int gh_gpiod_chip_identity(struct gpiod_chip *chip, char *name, char *label, unsigned int *lines) {
  struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
  if (!info) return -1;
  strncpy(name, gpiod_chip_info_get_name(info), GH_GPIOD_NAME_SIZE - 1);
  strncpy(label, gpiod_chip_info_get_label(info), GH_GPIOD_NAME_SIZE - 1);
  *lines = (unsigned int)gpiod_chip_info_get_num_lines(info);
  gpiod_chip_info_free(info);
  return 0;
}

static inline int gh_gpiod_find_line(struct gpiod_chip *chip, const char *name) {
  return gpiod_chip_get_line_offset_from_name(chip, name);
}

static inline void gh_gpiod_line_consumer(struct gpiod_chip *chip, unsigned int offset, char *consumer) {
  struct gpiod_line_info *info = gpiod_chip_get_line_info(chip, offset);
  if (!info) return;
  const char *name = gpiod_line_info_is_used(info) ? gpiod_line_info_get_consumer(info) : NULL;
  strncpy(consumer, name ? name : "", GH_GPIOD_NAME_SIZE - 1);
  gpiod_line_info_free(info);
}

static inline enum gpiod_line_bias gh_gpiod_bias_value(int bias) {
  switch (bias) {
    case GH_GPIOD_PULL_UP: return GPIOD_LINE_BIAS_PULL_UP;
    case GH_GPIOD_PULL_DOWN: return GPIOD_LINE_BIAS_PULL_DOWN;
    case GH_GPIOD_DISABLED: return GPIOD_LINE_BIAS_DISABLED;
    default: return GPIOD_LINE_BIAS_AS_IS;
  }
}

// `biases` and `levels` have one entry a line or are NULL; `edges` 0 asks for none.
static inline void *gh_gpiod_request(struct gpiod_chip *chip, const unsigned int *offsets, unsigned int count,
                                     enum gpiod_line_direction direction, const int *biases, const int *levels,
                                     int edges, unsigned int queue, const char *consumer) {
  struct gh_gpiod_request *request = calloc(1, sizeof *request);
  struct gpiod_line_settings *settings = gpiod_line_settings_new();
  struct gpiod_line_config *lines = gpiod_line_config_new();
  struct gpiod_request_config *config = gpiod_request_config_new();
  int made = request && settings && lines && config;
  if (made) {
    gpiod_request_config_set_consumer(config, consumer);
    if (queue) gpiod_request_config_set_event_buffer_size(config, queue);
    gpiod_line_settings_set_direction(settings, direction);
    if (edges) {
      gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC);
      gpiod_line_settings_set_edge_detection(settings, edges == GH_GPIOD_RISING    ? GPIOD_LINE_EDGE_RISING
                                                       : edges == GH_GPIOD_FALLING ? GPIOD_LINE_EDGE_FALLING
                                                                                   : GPIOD_LINE_EDGE_BOTH);
      request->edges = gpiod_edge_event_buffer_new(GH_GPIOD_EDGES_OF_READ);
      made = request->edges != NULL;
    }
  }
  for (unsigned int i = 0; made && i < count; i++) {
    if (biases) gpiod_line_settings_set_bias(settings, gh_gpiod_bias_value(biases[i]));
    if (levels)
      gpiod_line_settings_set_output_value(settings, levels[i] ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
    made = gpiod_line_config_add_line_settings(lines, &offsets[i], 1, settings) == 0;
  }
  if (made) request->lines = gpiod_chip_request_lines(chip, config, lines);
  int code = errno;
  if (config) gpiod_request_config_free(config);
  if (lines) gpiod_line_config_free(lines);
  if (settings) gpiod_line_settings_free(settings);
  if (request && !request->lines) {
    if (request->edges) gpiod_edge_event_buffer_free(request->edges);
    free(request);
    request = NULL;
  }
  errno = code;
  return request;
}

static inline bool gh_gpiod_one_bias_a_request(void) { return false; }

static inline void *gh_gpiod_request_inputs(struct gpiod_chip *chip, const unsigned int *offsets, const int *biases,
                                            unsigned int count, const char *consumer) {
  return gh_gpiod_request(chip, offsets, count, GPIOD_LINE_DIRECTION_INPUT, biases, NULL, 0, 0, consumer);
}

static inline void *gh_gpiod_request_outputs(struct gpiod_chip *chip, const unsigned int *offsets, const int *levels,
                                             unsigned int count, const char *consumer) {
  return gh_gpiod_request(chip, offsets, count, GPIOD_LINE_DIRECTION_OUTPUT, NULL, levels, 0, 0, consumer);
}

static inline void gh_gpiod_release(void *opaque) {
  struct gh_gpiod_request *request = opaque;
  gpiod_line_request_release(request->lines);
  if (request->edges) gpiod_edge_event_buffer_free(request->edges);
  free(request);
}

static inline int gh_gpiod_get(void *request, int *levels, unsigned int count) {
  (void)count;
  return gpiod_line_request_get_values(((struct gh_gpiod_request *)request)->lines, (enum gpiod_line_value *)levels);
}

static inline int gh_gpiod_set(void *request, const int *levels, unsigned int count) {
  (void)count;
  return gpiod_line_request_set_values(((struct gh_gpiod_request *)request)->lines,
                                       (const enum gpiod_line_value *)levels);
}

static inline void *gh_gpiod_request_edges(struct gpiod_chip *chip, const unsigned int *offsets, unsigned int count,
                                           int edges, int bias, unsigned int queue, const char *consumer) {
  int biases[GH_GPIOD_LINES_OF_REQUEST];
  for (unsigned int i = 0; i < count; i++) biases[i] = bias;
  return gh_gpiod_request(chip, offsets, count, GPIOD_LINE_DIRECTION_INPUT, biases, NULL, edges, queue, consumer);
}

static inline unsigned int gh_gpiod_edge_descriptors(void *request) {
  (void)request;
  return 1;
}

static inline int gh_gpiod_edge_descriptor(void *request, unsigned int which) {
  (void)which;
  return gpiod_line_request_get_fd(((struct gh_gpiod_request *)request)->lines);
}

static inline unsigned int gh_gpiod_edge_queue(void) { return 0; }

static inline int gh_gpiod_read_edges(void *opaque, unsigned int which, unsigned int count,
                                      const unsigned int *offsets, struct gh_gpiod_edge *out) {
  (void)which;
  struct gh_gpiod_request *request = opaque;
  int read = gpiod_line_request_read_edge_events(request->lines, request->edges, GH_GPIOD_EDGES_OF_READ);
  for (int i = 0; i < read; i++) {
    struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(request->edges, (unsigned long)i);
    unsigned int offset = gpiod_edge_event_get_line_offset(event);
    unsigned int line = 0;
    while (line + 1 < count && offsets[line] != offset) line++;
    out[i].nanoseconds = gpiod_edge_event_get_timestamp_ns(event);
    out[i].line = line;
    out[i].rising = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE;
    out[i].line_sequence = gpiod_edge_event_get_line_seqno(event);
  }
  return read;
}

#endif
