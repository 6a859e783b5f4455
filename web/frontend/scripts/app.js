// The dashboard's behaviour. Every page works without it, as plain forms.
import "htmx.org";
import "./signing.js";
import "./forms.js";
import "./keeping.js";
import "./live.js";
import "./clock.js";
import "./toasts.js";
import "./offline.js";
import "./inbox.js";
import "./compose.js";
import "./keys.js";
import "./needs.js";
import "./records.js";
import "./queue.js";
import "./calendar.js";
import "./team.js";
import "./zones.js";
