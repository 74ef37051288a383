// What pages do beyond standing still: tables that sort, and news of a larger record. Every page is complete without it.

import { sortable } from "./sort.js";
import { watch } from "./live.js";

sortable(document);
watch();
