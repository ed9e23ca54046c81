/* The pages, their style and their scripts: HTML, CSS and JavaScript as they are in the folder pages. */

#include "CConsole.h"

/* #embed is C23; the compilers of the day know it before they call themselves that. */
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char console_html[] = {
#embed "pages/console.html"
};

static const unsigned char account_html[] = {
#embed "pages/account.html"
};

static const unsigned char console_css[] = {
#embed "pages/console.css"
};

static const unsigned char icon_svg[] = {
#embed "pages/icon.svg"
};

static const unsigned char account_js[] = {
#embed "pages/account.js"
};

static const unsigned char accounts_js[] = {
#embed "pages/accounts.js"
};

static const unsigned char api_js[] = {
#embed "pages/api.js"
};

static const unsigned char console_js[] = {
#embed "pages/console.js"
};

static const unsigned char detail_js[] = {
#embed "pages/detail.js"
};

static const unsigned char dialog_js[] = {
#embed "pages/dialog.js"
};

static const unsigned char dom_js[] = {
#embed "pages/dom.js"
};

static const unsigned char events_js[] = {
#embed "pages/events.js"
};

static const unsigned char feed_js[] = {
#embed "pages/feed.js"
};

static const unsigned char format_js[] = {
#embed "pages/format.js"
};

static const unsigned char keys_js[] = {
#embed "pages/keys.js"
};

static const unsigned char login_js[] = {
#embed "pages/login.js"
};

static const unsigned char nodes_js[] = {
#embed "pages/nodes.js"
};

static const unsigned char overview_js[] = {
#embed "pages/overview.js"
};

static const unsigned char plot_js[] = {
#embed "pages/plot.js"
};

static const unsigned char providers_js[] = {
#embed "pages/providers.js"
};

static const unsigned char sessions_js[] = {
#embed "pages/sessions.js"
};

static const unsigned char settings_js[] = {
#embed "pages/settings.js"
};

static const unsigned char table_js[] = {
#embed "pages/table.js"
};

#define FILE_OF(name, bytes) {name, bytes, sizeof bytes}

static const console_file files[] = {
    FILE_OF("console.html", console_html),
    FILE_OF("account.html", account_html),
    FILE_OF("console.css", console_css),
    FILE_OF("icon.svg", icon_svg),
    FILE_OF("account.js", account_js),
    FILE_OF("accounts.js", accounts_js),
    FILE_OF("api.js", api_js),
    FILE_OF("console.js", console_js),
    FILE_OF("detail.js", detail_js),
    FILE_OF("dialog.js", dialog_js),
    FILE_OF("dom.js", dom_js),
    FILE_OF("events.js", events_js),
    FILE_OF("feed.js", feed_js),
    FILE_OF("format.js", format_js),
    FILE_OF("keys.js", keys_js),
    FILE_OF("login.js", login_js),
    FILE_OF("nodes.js", nodes_js),
    FILE_OF("overview.js", overview_js),
    FILE_OF("plot.js", plot_js),
    FILE_OF("providers.js", providers_js),
    FILE_OF("sessions.js", sessions_js),
    FILE_OF("settings.js", settings_js),
    FILE_OF("table.js", table_js),
};

size_t console_file_count(void) { return sizeof files / sizeof files[0]; }

console_file console_file_at(size_t index) { return files[index < console_file_count() ? index : 0]; }
