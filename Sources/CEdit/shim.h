// libedit: its variadic calls, and the standard streams that Swift may not touch as globals.
#pragma once

#include <histedit.h>
#include <locale.h>
#include <stddef.h>
#include <stdio.h>

typedef unsigned char (*gh_el_function)(EditLine *, int);

static inline char *gh_el_prompt(EditLine *editor) {
  (void)editor;
  static char prompt[] = "gatehouse> ";
  return prompt;
}

// el_init on the standard streams with emacs keys and a history; `complete` is called for the tabulator.
static inline EditLine *gh_el_init(History *history_of, gh_el_function complete) {
  setlocale(LC_CTYPE, "");
  EditLine *editor = el_init("gatehouse", stdin, stdout, stderr);
  if (editor == NULL) return NULL;
  el_set(editor, EL_PROMPT, gh_el_prompt);
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_HIST, history, history_of);
  el_set(editor, EL_ADDFN, "gatehouse-complete", "completes the word", complete);
  el_set(editor, EL_BIND, "^I", "gatehouse-complete", NULL);
  return editor;
}

static inline void gh_el_set_client(EditLine *editor, void *client) { el_set(editor, EL_CLIENTDATA, client); }

static inline void *gh_el_client(EditLine *editor) {
  void *client = NULL;
  el_get(editor, EL_CLIENTDATA, &client);
  return client;
}

static inline History *gh_history_init(int size) {
  History *made = history_init();
  HistEvent event;
  if (made != NULL) {
    history(made, &event, H_SETSIZE, size);
    history(made, &event, H_SETUNIQUE, 1);
  }
  return made;
}

static inline void gh_history_enter(History *list, const char *line) {
  HistEvent event;
  history(list, &event, H_ENTER, line);
}
