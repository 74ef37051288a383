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

# The check page
check-intro = This page checks the result again in your own browser, from the same files that anyone can download. It does not ask the server whether the result is right: it reads the record of signed statements, checks every signature, adds up again, and compares what comes out with the pages of this site.
check-limits = A site that lies could also give you a lying check. So compare the log key with the one that the commission handed out, and where you doubt this site, use the command line or the copy of this page on another site.
check-label-key = Log key, as you have it from elsewhere (optional)
check-key-hint = Without it the key is taken from the record itself: then all is proved but who speaks.
check-more = Witnesses, and states of the record that others saw
check-label-charter = Hash of the charter, as you have it from elsewhere (optional)
check-label-witnesses = Keys of witnesses whom you trust, one on each line
check-label-elsewhere = A checkpoint that you have from elsewhere: another site, a newspaper, a friend
check-start = Check everything
check-progress = How many statements have been checked
check-no-script = Checking in the browser needs JavaScript. Without it, the command below does the same and more.
check-steps = What is checked
check-step-browser = Your browser can do it
check-step-checkpoint = The log signed the state of the record
check-step-memory = It agrees with what this browser saw before
check-step-elsewhere = It agrees with what others saw
check-step-tree = No statement was changed, removed or put in between
check-step-statements = Every statement that counts was signed by somebody who may say it
check-step-count = The sums are derived again
check-step-module = A second program comes to the same, and gives the seats
check-step-pages = This site shows what the record says
check-by-command = The same from the command line
check-by-command-intro = This reads the record from its address, checks everything, and computes declarations and seats again:
check-named = What this site names
check-named-intro = Compare these with what you have from elsewhere. A key or a hash that only this site tells you proves nothing about who made the record.
check-log-key = Log key
check-charter = Charter
check-rulebook = Rulebook
check-checkpoint = Checkpoint
check-made = What was checked when this page was made
check-anchored = Everything was checked, against a log key and a charter that were given from outside.
check-not-anchored = Not everything was checked against keys from outside.
check-done = Done
check-not-done = Not done
checked-log-key = the signature of the checkpoint, against a log key given from outside
checked-charter = the charter, against a hash given from outside
checked-tree = every statement against the root of the checkpoint
checked-statements = every signature, and the authority behind it
checked-declarations = every declaration, computed again
checked-witnesses = { $witnesses } { $witnesses ->
    [one] witness
   *[other] witnesses
} signed the checkpoint
check-cannot = No check can tell whether a protocol says what was in the ballot box. It tells who said what, when, and that nothing was changed since.
js-waiting = Not checked yet
js-running = Being checked
js-proved = Proved
js-wrong = Wrong
js-unknown = Not proved
js-done = Everything that can be checked here was checked: nothing is wrong.
js-done-wrong = Something is wrong. Keep this page: it says what.
js-browser = SHA-256 and Ed25519 work here as they must.
js-no-ed25519 = This browser cannot check Ed25519 signatures, or this page did not come over a secure connection. Use a newer browser, https, or the command line.
js-checkpoint = { $origin }: { $size } statements, signed with the key { $key }.
js-key-given = The key is the one that you gave.
js-key-own = The key is the one that the record itself names.
js-first = This browser sees this log for the first time. It remembers this state from now on.
js-earlier = This browser saw { $size } statements before. The record of today begins with exactly those.
js-same = This browser saw this same state before.
js-other-key = This browser knows another key for this log: { $key }. Find out which one the commission handed out.
js-later = A state with { $other } statements was signed before; this site shows only { $size }. An older copy is no forgery, but ask why.
js-split = Two signed states of the record cannot both be true: one of { $size } statements here, one of { $other } statements seen elsewhere or before. The log signed both. Keep both texts: they are the evidence.
js-nothing-given = You gave no checkpoint and no witnesses to compare with.
js-witnessed = { $n } of your { $of } witnesses signed this state: { $names }.
js-witness-wrong = A signature in the name of { $names } is wrong.
js-elsewhere-agrees = The checkpoint that you gave (size { $other }) and this one agree.
js-elsewhere-bad = What you gave is not a checkpoint signed with this key.
js-elsewhere-other-log = What you gave is the checkpoint of another log.
js-tree = { $size } statements and every file of the tree lead to the root that the log signed.
js-statements = Statements with effect: { $good }. Void: { $void } ({ $codes }).
js-statements-all = All { $good } statements have effect.
js-count = { $stations } stations, { $received } received, { $countable } countable; { $votes } votes.
js-module = The second program found the same: root, void statements, and { $sums } sums. Seats: { $seats }.
js-module-no-seats = The second program found the same: root, void statements, and { $sums } sums. It gives no seats: { $why }
js-module-absent = This site does not carry the second program, or this browser does not run it. The seats were not derived again here.
js-module-failed = The second program refuses the record: { $why }
js-module-apart = The two programs differ at { $path }: { $own } and { $theirs }.
js-pages = { $agree } marked figures on { $pages } pages agree with the record. { $unknown } could not be derived here.
js-pages-wrong = The page { $page } shows “{ $shown }” for { $name }; the record gives { $derived }.
js-pages-none = No figure on these pages is marked, so none could be compared.
js-page-missing = The page { $page } could not be read.
js-nothing = nothing
js-http = The file { $path } could not be read (answer { $status }).
js-too-large = The file { $path } is larger than it may be.
js-no-checkpoint = This site has no checkpoint.
js-no-charter = The record does not begin with a charter that has effect.
js-checkpoint-unsigned = The checkpoint carries no signature with the key { $key }.
js-checkpoint-forged = The checkpoint is forged: the signature in the name of { $key } is wrong.
js-checkpoint-broken = The checkpoint is not one: { $detail }
js-key-broken = The key that you gave is no verifier key.
js-missing-file = The file { $path } is missing, and the record cannot be checked without it.
js-bundle = The file { $path } does not hold the statements that it should.
js-tile = The file { $path } does not have the length that it should.
js-tile-differs = The file { $path } was changed: at statement { $index } it is not what the statements and the signed root give.
js-entry-differs = The file { $path } was changed: statement { $index } is not the one that the log signed.
js-root = The statements on this site do not lead to the root that the log signed. Something was changed, removed or added.
js-other-log-key = The charter names another log key: { $key }.
js-other-charter = This is another record: its charter has the hash { $charter }.
js-no-such-statement = There is no statement { $index } in a record of { $size }.
js-not-included = Statement { $index } does not lead to the root that the log signed.
js-failed = The check broke off: { $why }
js-path = The way of this figure
js-path-of = { $name }: { $n }
js-path-sum = It is the sum of these places. Each leads further down.
js-path-station = It comes from this station. These are all statements about it, and what became of each.
js-path-statement = Statement { $index }
js-path-signed = Signed by { $names }; every signature is right.
js-path-included = Proved from { $n } hashes: the hash of this statement leads to the signed root of { $size } statements.
js-path-counted = counted
js-path-not-counted = not counted: { $why }
js-path-receipt = Hash of the statement, and the hashes on its way to the root
js-updated = Brought up to date: { $size } statements.

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

# Words and names
against-all = Against all
base-all-votes = all votes counted
base-against-all = votes against all
base-for-lists = votes for all lists
base-plus = { " " }and{ " " }
source-hand = Hand count
source-machine = Machine count
source-recount = Recount
source-preliminary = Preliminary count
source-final = Final count
source-other = Count “{ $word }”
reason-missing = not received
reason-annulled = annulled
reason-excluded = excluded by a ruling
reason-part_missing = a part is missing
reason-not_computable = not computable after an annulment
reason-to_be_repeated = to be repeated
station-id = Station { $id }
station-named = Station { $id }, { $name }
station-part = Station { $id }, part { $part }
statement-number = statement { $index }
ruling-number = ruling { $index }
complaint-number = complaint { $index }
whole-vote = the whole vote
place-in-poll = { $place } (poll { $poll })
poll = poll { $n }
no-body = Reconstructed, no body on the record
no-seats = no seats
kind-copy = Copy
kind-ruling = Ruling
kind-complaint = Complaint
kind-note = Note
kind-turnout = Turnout
void = Void
list = List
seats = Seats
column-votes = Votes
column-share = Share
column-seats = Seats
unit = Unit
station = Station
stations = Stations
contest = Contest
total = Total
parts = Parts counted apart
registered-voters = Registered voters
size = Size
reason = Reason
reasons = Reasons
law = Law
note = Note
formula = Relation
breadcrumbs = Where this is
more-pages = Further pages
as-table = The same as a table
and-more = and { $more } more
and-more-lists = And { $more } more lists with fewer votes.
and-more-contests = And { $more } more contests.

# What has become of a statement
status-effective = It has effect
status-superseded-statement = Replaced by statement { $by }
status-superseded-ruling = Set aside by ruling { $by }
status-contested-conflict = Conflicts with statement { $by }, which stands until a ruling
status-contested-challenged = Stands, and another statement says otherwise
status-contested-suspect = Its key was revoked as suspect from before it
status-contested-poll_closed = The ruling that opened its poll no longer acts
status-contested-waits = A change of the register after polling opened waits for a ruling
status-void = Void: { $why }
fate-stands = stands
fate-agrees = agrees with { $by }
fate-superseded = replaced by { $by }
fate-conflicts = conflicts with { $by }
fate-excluded = excluded by ruling { $by }
fate-corrected = corrected by ruling { $by }
fate-passed-over = another was chosen by ruling { $by }
fate-by-ruling = figures of the ruling

# What rulings do
effect-reject = rejects: { $what }
effect-correct = corrects the figures: { $what }
effect-recount = orders a recount: { $what }
effect-annul = annuls: { $what }
effect-repeat = annuls and orders to be repeated: { $what }
effect-exclude = takes out of the count: { $what }
effect-restore = puts into the count: { $what }
effect-admit = lets a register change take effect: { $what }
effect-withhold = lets be withheld: { $what }
effect-replace = replaces: { $what }
effect-suspend = suspends: { $what }
effect-reverse = reverses: { $what }
effect-reinstate = reinstates: { $what }
no-rulings = There are no rulings on the record.
asked-by = Asked by
grounds = Grounds
signed-proved = Signed, proved
claimed-not-proved = Claimed, not proved
claimed-present = { $n } present
claimed-for = { $n } for
claimed-against = { $n } against
seats-signed = { $signed } of { $seats } members (quorum { $quorum }, majority { $majority })
no-quorum = Reconstructed: no votes and no quorum on the record
in-force = in force
suspended-by = suspended by ruling { $by }
reversed-by = reversed by ruling { $by }
complaints-open = { $n ->
    [one] One complaint without a ruling
   *[other] { $n } complaints without a ruling
}

# The state of the election
no-charter = The record has no charter yet: there is nothing to count.
no-contests = The register lists nothing to vote for yet.
preliminary-sentence = Preliminary. Nobody has declared a result of the whole. Figures may still change, and every change will name its cause.
register-incomplete = The register is incomplete: it was not sealed, so what is missing cannot be told.
annulled-whole = Annulled. The whole vote was annulled by ruling { $ruling } ({ $by }). By law nothing counts.
annulled-and-repeated = Annulled. The whole vote was annulled and ordered to be repeated by ruling { $ruling } ({ $by }). By law nothing counts.
declared-by = Declared. { $by } declared the result of the record’s first { $size } statements. Later statements change the running count, never the declaration.
declaration-holds = Computed again, every declared figure holds.
declaration-pending = The declared figures were not computed again for this page.
declaration-differs = Computed again, { $figures } of the declared figures differ.
declaration-not-computable = The declared figures cannot be computed again: { $why }.
declared-title = Declared, and computed again
declared-size = of the record’s first { $size } statements
declared-differing = Figures that are not the same
declared-figure = Declared
derived-figure = Computed again
declared-more = Declared more (+) or less (−)
as-before = The figures below are those of the record’s first { $size } statements, just before the vote was annulled. They count for nothing now.

# The count
decides = decides by law
received = received
countable = countable
expected = expected
not-countable = Not countable:
not-countable-short = Not countable
voters-there = They have { $voters } registered voters.
stations-in-conflict = Statements conflict at { $stations -> [one] one of these stations *[other] { $stations } of these stations }.
stations-suspect = At { $stations -> [one] one station *[other] { $stations } stations } a key that was later revoked as suspect had signed.
nothing-counts = No station’s figures count yet.
shares-of = Shares are of { $votes }: { $base }.
no-base = No shares: the base that the law names is not in what was filed.
shares-withheld = Shares are withheld: the votes add up to more than what they would be shares of.
threshold-line = The { $line } line: { $votes } votes ({ $line } of { $base })
above-line = { $votes -> [one] { $votes } vote *[other] { $votes } votes } above the { $line } line
below-line = { $votes -> [one] { $votes } vote *[other] { $votes } votes } below the { $line } line
or-new-votes = ({ $votes } if the votes are new)
met-in-units = { $line } met in { $met } of { $of } units
fails-in = not in
not-admitted = not admitted to the seats
admitted = admitted
at-cap = at the cap
parliament-of = A house of { $seats } seats
seats-open = { $seats ->
    [one] One seat is open.
   *[other] { $seats } seats are open.
}
majority = A majority is { $seats }.
void-by-law = Void by law:
assumptions = Assumptions
no-seats-because = No seats can be computed:
lines-summed = Other lines of the protocols, summed
side-by-side = The counts side by side
side-by-side-intro = Rival counts of the same ballots. They are never mixed; each has its own stations and its own denominator.
coverage-column = Countable / expected
denominator = Shares are of
contests = { $contests } contests
leaders = Most votes
missing-can-change = What missing stations can still change
missing-intro = { $stations -> [one] One station with { $voters } registered voters is *[other] { $stations } stations with { $voters } registered voters are } not in the count by law.
which-stations = Which stations
missing-nothing = Even if every elector there took part, no list would cross the line of the whole in either direction.
can-enter = can still reach { $line }: { $votes } votes there, all for it, are enough.
can-fall = can still fall below { $line }: { $votes } more voters, none for it, are enough.
line-of = { $line } of { $base }
electors-unknown = Not certain: the electors of { $stations -> [one] one station *[other] { $stations } stations } are not known.
others-cannot-turn = For { $tests } other tests nothing can turn.
missing-note = Exact bounds with the electors on the register; conditions per unit are not asked again.
readings = Other readings of the law
readings-intro = Where the law can be read in another way, this is the result under each declared reading.
reading = Reading
as-computed = As computed above
same-seats = The seats are the same.
differs = Differs:
shares-taken-of = Shares taken of { $base }
latest-changes = Latest changes
all-changes = All changes
see-also = See also
open-conflicts = { $n ->
    [0] No conflicts between statements
    [one] One conflict between statements
   *[other] { $n } conflicts between statements
}
open-controls = { $n ->
    [0] No broken controls
    [one] One broken control
   *[other] { $n } broken controls
}
open-rulings = { $n -> [0] No rulings [one] One ruling *[other] { $n } rulings }, { $complaints -> [0] no complaints [one] one complaint *[other] { $complaints } complaints }
open-check = Check all of this in your browser
open-data = Data, feed and widgets
open-print = Printable summary

# Why
why-heading = Why these seats
why-intro = Each step follows from the votes and the rulebook alone. With a pencil you come to the same.
why-no-seats = There are no seats to explain.
the-law = The rules in words
rulebook-hash = SHA-256 of the rulebook:
admission = Admission to the seats
votes-number = { $votes ->
    [one] one vote
   *[other] { $votes } votes
}
needs = { $votes } needed
short-by = { $votes } short
share-strict = Each cell: votes, and how many more or fewer than needed. More than the share is asked.
share-not-strict = Each cell: votes, and how many more or fewer than needed. The share itself is enough.
more-units = Further units are not shown here.
the-whole = The whole
steps = Every seat, step by step
margins = Margins
margins-intro = The fewest votes that would change something for a list.

# Places
by-unit = By unit
standing = State
counts = counts
not-expected = not held here
in-conflict = statements conflict
tiles-title = Share of { $list } by unit
tiles-desc = One tile for each unit, whatever its size; the darker, the larger the share.
map-coverage = Stations counted of those expected
map-desc = The darker, the more of the unit is counted.
dots-title = Stations where they lie
dots-desc = { $counted } of { $stations } count; those that do not are pale.

# A station
versions = Figures, every version
figure = Figure
station-counts = The figures of this station count.
station-does-not-count = The figures of this station do not count: { $reason }.
by-ruling = By ruling { $ruling }.
figures-by-ruling = They follow ruling { $ruling }.
rivals = { $n ->
    [one] One statement says otherwise.
   *[other] { $n } statements say otherwise.
}
suspect-key = A key that was later revoked as suspect had signed.
station-dropped = This station was taken off the register.
nothing-received = Nothing was received from here yet.
signed-by = signed by
not-stated = not stated
more = { $n } more
fewer = { $n } fewer
controls-of = { $source }: { $broken -> [0] no control is broken [one] one control is broken *[other] { $broken } controls are broken } (of { $n })
control-holds = holds
control-broken = broken
control-not-checkable = cannot be checked
severity-error = the law demands it
severity-warning = wants an explanation
severity-signal = a signal
figures-absent = Not stated: { $names }
scans = Scans and other files
withheld-blob = withheld by a ruling:
said = What else was said about it
check-this = Check this yourself
check-station = Every figure above is in a signed statement of the public record.
check-in-browser = Check in the browser
station-leaf = Its leaf in the tree of stations
station-leaf-place = Leaf { $place }: the statements of this station, what stands and how it counts. Whoever holds the record derives the same.
leaf-hash = Its hash:

# Changes
changes-intro = Nothing vanishes and nothing changes in silence. Every correction, conflict, ruling and void statement stands here with its cause and what it did to votes and seats.
no-history = These pages were made without the history of the record: what changes did is not known here.
no-changes = So far nothing that stood was changed or contested.
changes-count = { $n ->
    [one] One change
   *[other] { $n } changes
}
conflicts-count = { $n ->
    [one] One conflict stands
   *[other] { $n } conflicts stand
}
conflicts-intro = Where two statements say different things about the same place, the first stays in the count and only a ruling decides.
stands-against = statement { $stands } stands, statement { $other } says otherwise.
alternative-not-counted = This place does not enter the count by law, so the seats cannot change.
alternative-same = With the other figures the seats stay the same.
alternative-seats = With the other figures the seats would be:
alternative-not-tried = What the other figures would do was not computed.
change-correction = Correction
change-conflict = Conflict
change-agreement = Agreement
change-ruling = Ruling
change-declaration = Declaration
change-lot = Lot
change-revocation = Revocation
change-register = Register
change-void = Void
cause-correction = The same office replaced its own figures
cause-conflict = Somebody says something else than what stands
cause-agreement = The same figures again, by other hands
cause-revocation = A key was taken out of use.
cause-register = The register was changed after polling opened.
lot-drawn = Drawn: { $drawn }
effect-none = It moved no total.
effect-seats = It changed seats:
effect-seats-stay = The seats stayed the same.
since-title = What changed from size { $from } to size { $to }
since-link = what changed since
since-intro = Every station whose contribution to the count by law differs, with its cause.
since-stations = { $n ->
    [0] No station differs
    [one] One station differs
   *[other] { $n } stations differ
}
since-new = new
since-superseded = replaced by the same office
since-ruling = by a ruling
since-other = for another cause
timeline-title = Shares as the record grew
timeline-desc = Share in percent of each list in the count by law, against the number of statements.

# Missing
late-since = Late since
late-is = A station from which nothing came is late since half of the stations of its unit had come.
missing-lead = Received, countable and expected are three numbers. These stations are expected and do not count, each with its reason.
missing-stations = { $n ->
    [one] One station
   *[other] { $n } stations
}
nothing-missing = Every expected station counts.

# Controls
controls-intro = Relations that the figures of a protocol must satisfy and do not. A broken control never removes a protocol from the count; it is recorded and shown.
controls-hold = Every control that can be checked holds at every station.
no-controls = The forms have no controls.
all-controls = { $n ->
    [one] The one control of the forms
   *[other] All { $n } controls of the forms
}
broken-at = Broken { $breaks -> [one] once *[other] { $breaks } times }, at { $stations -> [one] one station *[other] { $stations } stations }, on the form “{ $form }”.
where-broken = Where, with the figures

# Data
data-intro = Everything on these pages, for spreadsheets and programs.
data-by-command = The tables are made from the record with one command:
data-package = what each file holds, with types and checksums (Frictionless)
data-stations = the count of every station, with its reason where it does not count
data-totals = totals of every unit, with their coverage
data-seats = how each seat came about
data-statements = every statement, with what has become of it
data-result = lists with votes, shares and seats
data-sums = checksums of all files
the-record = The record itself
record-intro = Checkpoint, tiles and blobs lie beside these pages and can be mirrored by anybody.
feed-is = every change, for feed readers
widgets = For newsrooms
widgets-intro = These can stand in other pages. They carry the size on which they rest.
