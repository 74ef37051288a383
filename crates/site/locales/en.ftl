# English. The language that has every message: others are measured against it.

language-name = English
number-group = { "," }
number-decimal = .
percent = { $n }%
date = { $day } { $month } { $year }
date-time = { $date }, { $time } UTC
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

# Around every page
skip = Skip to the content
languages = Languages
sections = Sections
title-front = Result
title-why = Why
title-places = Places
title-changes = Changes
title-missing = Missing
title-controls = Controls
title-rulings = Rulings
title-check = Check
title-data = Data
title-print = Printable summary
title-widget-seats = Seats
title-widget-coverage = Coverage
state-none = Empty
state-preliminary = Preliminary
state-declared = Declared
state-annulled = Annulled
synthetic-label = Synthetic figures.
synthetic = The record itself says that figures in it were made up and never observed.
basis = This page rests on the first { $size } { $size ->
    [one] statement
   *[other] statements
} of the record.
basis-unchanged = It is written again only when a later statement changes it.
clock = Clock of the log:
checkpoint-root = Root of the checkpoint:
same-page-at = This page at size { $size }, for good
latest-page = The latest version of this page
earlier-by-command = Earlier versions can be made from the record with the command line.
footer = Every figure here is computed from a public record and the law’s arithmetic alone. Anyone can recount it.
