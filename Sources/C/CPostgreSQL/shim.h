#include <libpq-fe.h>

// Character macros, which Swift can't read (https://www.postgresql.org/docs/15/libpq-exec.html, PQresultErrorField).
static inline int sesame_pg_diag_sqlstate(void) { return PG_DIAG_SQLSTATE; }
static inline int sesame_pg_diag_message(void) { return PG_DIAG_MESSAGE_PRIMARY; }
static inline int sesame_pg_diag_severity(void) { return PG_DIAG_SEVERITY_NONLOCALIZED; }
