#include <sqlite3.h>

#include "gathered-log.h"
