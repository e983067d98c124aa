/*
 * SIGHUP: the configuration is read again. What cannot be read or used leaves
 * everything as it is; what can is put in force as a whole, with all workers
 * anew: simple, and a reconnect costs less than a wrong guess at what changed.
 */
#include <string.h>

#include "export_conf.h"
#include "log.h"
#include "notify.h"
#include "watch_private.h"

static void log_mistakes(const char *path, const struct conf_mistakes *m)
{
	for (size_t i = 0; i < m->n; i++)
		(m->v[i].warning ? log_warn : log_error)("config.mistake",
			"file=%s line=%u text=%s", log_q(path), m->v[i].line,
			log_q(m->v[i].text));
}

void watch_begin_reload(struct watch *w)
{
	struct conf_mistakes m = {0};

	/* The file may have changed since it was read. */
	w->reload_again = w->phase == WATCH_RELOADING;
	if (w->phase != WATCH_RUNNING)
		return;
	notify_send("RELOADING=1");
	if (conf_load_with(w->config_path, export_conf_check, &w->next, &m) ==
			0 &&
		w->next.accounts_n > 0)
		w->next_house = house_new(&w->next);
	log_mistakes(w->config_path, &m);
	conf_mistakes_release(&m);
	if (w->next_house) {
		log_info("config.reload", "file=%s", log_q(w->config_path));
		watch_stop_workers(w, WATCH_RELOADING);
		return;
	}
	log_error("config.kept",
		"file=%s hint=\"it has mistakes, or no account; the settings "
		"from before stay in force\"",
		log_q(w->config_path));
	conf_release(&w->next);
	notify_send("READY=1");
}

/* All workers have ended: put the new settings in force. */
int watch_finish_reload(struct watch *w)
{
	int status;

	if (strcmp(w->conf->database, w->next.database) != 0)
		log_warn("config.restart-needed",
			"key=database hint=\"the database is changed by a "
			"restart, not by a reload\"");
	watch_free_workers(w);
	watch_stop_helpers(w); /* they have the old settings */
	tally_add(&w->tally, &w->writer.tally);
	writer_stop(&w->writer);
	house_free(w->house);
	conf_release(w->conf);
	*w->conf = w->next;
	w->house = w->next_house;
	memset(&w->next, 0, sizeof(w->next));
	w->next_house = NULL;
	w->shared.house = w->house;
	w->phase = WATCH_RUNNING;
	log_set_level((enum log_level)w->conf->log_level);
	status = watch_start_writer(w);
	if (!status)
		status = watch_start_workers(w);
	notify_send("READY=1");
	if (!status && w->reload_again)
		watch_begin_reload(w);
	return status;
}
