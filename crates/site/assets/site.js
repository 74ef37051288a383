// What pages do beyond standing still: tables that sort, figures that lead to their way, and news of a larger record. Every page is
// complete without it.

import { sortable } from "./sort.js";
import { watch } from "./live.js";
import { waysOf } from "./ways.js";

function dress() {
  waysOf(document);
  sortable(document);
}

dress();
watch(dress);
